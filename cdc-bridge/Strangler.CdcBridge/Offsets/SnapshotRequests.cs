using Dapper;
using Npgsql;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// A new snapshot that a person requested, in the store, where every bridge of the source finds it. It names the epoch
/// that the log was in, so it is done once the log's end is in a later one, no matter who took the snapshot, and
/// whatever was killed on the way.
/// </summary>
internal sealed class SnapshotRequests(NpgsqlDataSource store, IChangeLog log, string source)
{
    /// <summary>Requests a snapshot, and returns the log's epoch.</summary>
    public async Task<int> AskAsync(CancellationToken cancellationToken)
    {
        const string Sql = """
            insert into bridge.snapshot_request (source, after_epoch, asked_at)
            values (@source, @epoch, clock_timestamp())
            on conflict (source) do update set after_epoch = excluded.after_epoch, asked_at = excluded.asked_at
            """;
        var epoch = await EpochAsync(cancellationToken);
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(Sql, new { source, epoch }, cancellationToken: cancellationToken)
        );
        return epoch;
    }

    /// <summary>
    /// Whether a snapshot is requested that has not been completed. The log is asked only if there is a request.
    /// </summary>
    public async Task<bool> IsPendingAsync(CancellationToken cancellationToken)
    {
        const string Sql = "select after_epoch from bridge.snapshot_request where source = @source";
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        var requested = await connection.ExecuteScalarAsync<int?>(
            new CommandDefinition(Sql, new { source }, cancellationToken: cancellationToken)
        );
        return requested is { } epoch && epoch >= await EpochAsync(cancellationToken);
    }

    /// <summary>The epoch of the log's end; 0 before the first snapshot has been completed.</summary>
    public async Task<int> EpochAsync(CancellationToken cancellationToken) =>
        (await log.ExtentAsync(source, cancellationToken))?.End?.Epoch ?? 0;

    /// <summary>Withdraws the request. A bridge that has begun the snapshot completes it.</summary>
    public async Task WithdrawAsync(CancellationToken cancellationToken)
    {
        await using var connection = await store.OpenConnectionAsync(cancellationToken);
        await connection.ExecuteAsync(
            new CommandDefinition(
                "delete from bridge.snapshot_request where source = @source",
                new { source },
                cancellationToken: cancellationToken
            )
        );
    }
}
