using Dapper;
using Npgsql;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>The current state of a replication slot.</summary>
/// <param name="Process">The process that holds it; null if none does.</param>
/// <param name="Holder">The application name of that process.</param>
/// <param name="WalStatus"><c>lost</c> means that write-ahead log it needs is gone.</param>
/// <param name="Confirmed">What was acknowledged.</param>
/// <param name="Retained">How many bytes of write-ahead log it holds back.</param>
internal sealed record SlotState(
    string Plugin,
    string Database,
    int? Process,
    string? Holder,
    string WalStatus,
    Lsn Confirmed,
    long Retained
)
{
    /// <summary>
    /// Where the server begins to decode. It is written to disk before it moves, together with what was confirmed by
    /// then, so a server that crashes never resends what committed before it.
    /// </summary>
    public Lsn Restart { get; init; }

    /// <summary>
    /// How many bytes the server may write before it invalidates the slot; null if max_slot_wal_keep_size is -1, or if
    /// it has done so.
    /// </summary>
    public long? Safe { get; init; }

    /// <summary>How many bytes the server has written since what was acknowledged.</summary>
    public long Unconfirmed { get; init; }

    /// <summary>The oldest transaction whose catalogue rows the slot keeps; null if it keeps none.</summary>
    public uint? Xmin { get; init; }

    /// <summary>The server's clock.</summary>
    public DateTimeOffset At { get; init; }

    public static async Task<SlotState?> ReadAsync(
        NpgsqlDataSource source,
        string slot,
        CancellationToken cancellationToken
    )
    {
        const string Sql = """
            select coalesce(s.plugin::text, '') as "Plugin",
                coalesce(s.database::text, '') as "Database",
                s.active_pid as "Process",
                (
                    select concat_ws(' ', a.application_name, host(a.client_addr))
                    from pg_stat_activity a
                    where a.pid = s.active_pid
                ) as "Holder",
                coalesce(s.wal_status, '') as "WalStatus",
                coalesce(s.confirmed_flush_lsn::text, '0/0') as "Confirmed",
                coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), s.restart_lsn), 0)::bigint as "Retained",
                coalesce(s.restart_lsn::text, '0/0') as "Restart",
                s.safe_wal_size as "Safe",
                coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), s.confirmed_flush_lsn), 0)::bigint as "Unconfirmed",
                clock_timestamp() as "At",
                s.catalog_xmin::text::bigint as "Xmin"
            from pg_replication_slots s
            where s.slot_name = @slot
            """;
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<Row>(
            new CommandDefinition(Sql, new { slot }, cancellationToken: cancellationToken)
        );
        return rows.Select(row => new SlotState(
                row.Plugin,
                row.Database,
                row.Process,
                row.Holder,
                row.WalStatus,
                Lsn.Parse(row.Confirmed),
                row.Retained
            )
            {
                Restart = Lsn.Parse(row.Restart),
                Safe = row.Safe,
                Unconfirmed = row.Unconfirmed,
                At = row.At,
                Xmin = (uint?)row.Xmin,
            })
            .SingleOrDefault();
    }

    /// <summary>Drops the slot, which must be ours.</summary>
    public static async Task DropAsync(NpgsqlDataSource source, string slot, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = @slot",
                new { slot },
                cancellationToken: cancellationToken
            )
        );
    }

    private sealed record Row(
        string Plugin,
        string Database,
        int? Process,
        string? Holder,
        string WalStatus,
        string Confirmed,
        long Retained,
        string Restart,
        long? Safe,
        long Unconfirmed,
        DateTime At,
        long? Xmin
    );
}
