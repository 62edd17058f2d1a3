using Dapper;
using Npgsql;

namespace Strangler.CdcBridge.Offsets;

/// <summary>A session of the server that holds a slot's lock.</summary>
/// <param name="Process">Its process, whose number the server gives again.</param>
/// <param name="Began">When it began, by the server's clock.</param>
internal sealed record SlotSession(int Process, DateTime Began)
{
    /// <summary>The session of a connection.</summary>
    public static async Task<SlotSession> OfAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select pid as "Process", backend_start as "Began" from pg_stat_activity where pid = pg_backend_pid()
            """;
        return await connection.QuerySingleAsync<SlotSession>(
            new CommandDefinition(Sql, cancellationToken: cancellationToken)
        );
    }

    /// <summary>
    /// Ends it, if it is still there. The server may not notice that its client is gone: a proxy between them may keep
    /// its side of the connection open.
    /// </summary>
    public Task EndAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select pg_terminate_backend(pid) from pg_stat_activity where pid = @Process and backend_start = @Began
            """;
        return connection.ExecuteAsync(new CommandDefinition(Sql, this, cancellationToken: cancellationToken));
    }
}
