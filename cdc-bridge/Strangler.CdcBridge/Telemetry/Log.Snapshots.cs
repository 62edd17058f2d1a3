using Microsoft.Extensions.Logging;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>What is logged of snapshots.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = BridgeEventIds.SnapshotAsked,
        Level = LogLevel.Information,
        Message = "A new snapshot of '{Source}' was requested and is taken now."
    )]
    public static partial void SnapshotAsked(this ILogger logger, string source);

    [LoggerMessage(
        EventId = BridgeEventIds.SnapshotBegins,
        Level = LogLevel.Information,
        Message = "The snapshot of {Tables} tables begins at {Point}, epoch {Epoch}."
    )]
    public static partial void SnapshotBegins(this ILogger logger, int tables, Lsn point, int epoch);

    [LoggerMessage(
        EventId = BridgeEventIds.SnapshotEnds,
        Level = LogLevel.Information,
        Message = "The snapshot has ended: {Rows} rows."
    )]
    public static partial void SnapshotEnds(this ILogger logger, long rows);

    [LoggerMessage(
        EventId = BridgeEventIds.SnapshotContinues,
        Level = LogLevel.Information,
        Message = "The snapshot at {Point} was interrupted and continues: {Read} tables have been read, {Unread} are "
            + "read in the stream."
    )]
    public static partial void SnapshotContinues(this ILogger logger, Lsn point, int read, int unread);

    [LoggerMessage(
        EventId = BridgeEventIds.SnapshotSuperseded,
        Level = LogLevel.Warning,
        Message = "{Reason} A newer snapshot is taken."
    )]
    public static partial void SnapshotSuperseded(this ILogger logger, string reason);
}
