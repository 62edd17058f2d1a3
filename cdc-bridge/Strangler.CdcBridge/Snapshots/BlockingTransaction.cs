using Dapper;
using Npgsql;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>A transaction that the creation of a slot waits for.</summary>
internal sealed record BlockingTransaction(int ProcessId, TimeSpan Age, string User, string Application, string State)
{
    /// <summary>
    /// The transactions with an id that began before the slot was requested; the longest first, at most ten.
    /// </summary>
    public static async Task<IReadOnlyList<BlockingTransaction>> ReadAsync(
        NpgsqlDataSource source,
        int exceptProcess,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select a.pid as "ProcessId", clock_timestamp() - a.xact_start as "Age", coalesce(a.usename, '') as "User",
                coalesce(a.application_name, '') as "Application", coalesce(a.state, '') as "State"
            from pg_stat_activity a
            where a.backend_xid is not null and a.pid <> @exceptProcess and a.pid <> pg_backend_pid()
            order by a.xact_start
            limit 10
            """;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        return
        [
            .. await connection.QueryAsync<BlockingTransaction>(
                new CommandDefinition(Sql, new { exceptProcess }, cancellationToken: cancellationToken)
            ),
        ];
    }
}
