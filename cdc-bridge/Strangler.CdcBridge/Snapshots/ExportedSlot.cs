using Microsoft.Extensions.Logging;
using Npgsql;
using Npgsql.Replication;
using Npgsql.Replication.Internal;
using Npgsql.Replication.PgOutput;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// A newly created replication slot, with the snapshot of its consistent point. The snapshot can be used until this is
/// disposed; a temporary slot is dropped then, a permanent one stays.
/// </summary>
internal sealed class ExportedSlot : IAsyncDisposable
{
    private readonly LogicalReplicationConnection _connection;

    private ExportedSlot(LogicalReplicationConnection connection, Lsn point, string snapshot, DateTimeOffset at) =>
        (_connection, Point, Snapshot, At) = (connection, point, snapshot, at);

    /// <summary>
    /// The snapshot contains everything that committed before this point, and the slot's stream begins here.
    /// </summary>
    public Lsn Point { get; }

    /// <summary>For <c>set transaction snapshot</c>.</summary>
    public string Snapshot { get; }

    /// <summary>
    /// The source's clock before the slot was requested: everything that committed before then is in the snapshot.
    /// </summary>
    public DateTimeOffset At { get; }

    /// <summary>
    /// Creates the slot. PostgreSQL waits for every running transaction; after <paramref name="notice"/>, and then at
    /// that interval, these transactions are logged.
    /// </summary>
    /// <param name="failover">Whether standby servers keep a copy of it, if the server can.</param>
    public static async Task<ExportedSlot> CreateAsync(
        string replication,
        NpgsqlDataSource source,
        string slot,
        bool temporary,
        bool failover,
        TimeSpan notice,
        TimeProvider time,
        BridgeMonitor monitor,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var at = await SourceClock.ReadAsync(source, cancellationToken);
        var connection = new LogicalReplicationConnection(replication);
        Task? pending = null;
        try
        {
            await connection.Open(cancellationToken);
            connection.CommandTimeout = Timeout.InfiniteTimeSpan;
            var isFailover = failover && connection.PostgreSqlVersion.Major >= SlotPlugin.FirstMajor;
            if (failover && !isFailover)
                logger.SlotNotFailover(slot, connection.PostgreSqlVersion.Major);
            var creating = connection.CreateLogicalReplicationSlot(
                slot,
                SlotPlugin.Text(isFailover),
                temporary,
                isFailover ? null : LogicalSlotSnapshotInitMode.Export,
                cancellationToken: cancellationToken
            );
            pending = creating;
            while (await Task.WhenAny(creating, Task.Delay(notice, time, cancellationToken)) != creating)
            {
                cancellationToken.ThrowIfCancellationRequested();
                foreach (
                    var waiting in await BlockingTransaction.ReadAsync(source, connection.ProcessID, cancellationToken)
                )
                {
                    logger.SlotWaits(
                        slot,
                        waiting.ProcessId,
                        waiting.Age,
                        waiting.User,
                        waiting.Application,
                        waiting.State
                    );
                    monitor.Is(
                        new BridgeStatus.Wait(
                            $"The slot '{slot}' is being created and waits for the transaction of process "
                                + $"{waiting.ProcessId}."
                        )
                    );
                }
            }
            var made = new PgOutputReplicationSlot(await creating);
            return new ExportedSlot(
                connection,
                new Lsn((ulong)made.ConsistentPoint),
                made.SnapshotName
                    ?? throw new InvalidOperationException("The server exported no snapshot with the slot."),
                at
            );
        }
        catch
        {
            // The connection supports one caller at a time: the command must have ended, by its own cancellation,
            // before the connection is disposed.
            if (pending is not null)
                await pending.ContinueWith(
                    static task => task.Exception,
                    CancellationToken.None,
                    TaskContinuationOptions.ExecuteSynchronously,
                    TaskScheduler.Default
                );
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
