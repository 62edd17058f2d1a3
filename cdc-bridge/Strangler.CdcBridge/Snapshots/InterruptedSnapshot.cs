using Microsoft.Extensions.Logging;
using Strangler.CdcBridge.Offsets;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Tables;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Ends a snapshot that was interrupted after some tables had been read: what the log has kept of it becomes visible,
/// and the tables that have not been read whole are in doubt, in the same append. The stream begins at the snapshot's
/// point, and they are read at a point of it (<see cref="TableScan"/>).
/// </summary>
internal sealed class InterruptedSnapshot(ILogAppender appender, ILogger logger)
{
    private const string Why = "The snapshot was interrupted before its rows were read. They are read soon.";

    /// <param name="offset">What was read.</param>
    /// <param name="kept">The last record that the log has kept.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The stored offset, with which the stream begins.</returns>
    public async Task<BridgeOffset> EndAsync(BridgeOffset offset, Position kept, CancellationToken cancellationToken)
    {
        var partial =
            offset.Partial ?? throw new InvalidOperationException("The offset doesn't say what has been read.");
        var doubts = partial
            .Tables.Where(static table => table.Unread is not null)
            .Select(
                (table, index) =>
                    new LogRecord(
                        kept with
                        {
                            Ordinal = kept.Ordinal + 1 + index,
                        },
                        0,
                        LogRecordKind.TableDoubt,
                        table.Topic,
                        null,
                        [],
                        new TableDoubt(Why).ToJson()
                    )
            )
            .ToList();
        var streaming = offset with { State = BridgeState.Streaming, Tables = partial.Tables, Partial = null };
        await appender.AppendAsync(
            new LogAppend(doubts, [], Position.EndOf(kept.Epoch, kept.Commit), partial.At, streaming.ToJson()),
            cancellationToken
        );
        logger.SnapshotContinues(offset.Acknowledged, partial.Tables.Count - doubts.Count, doubts.Count);
        return streaming;
    }
}
