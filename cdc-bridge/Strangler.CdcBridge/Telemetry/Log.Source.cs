using Microsoft.Extensions.Logging;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>How the source is prepared.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = BridgeEventIds.SlotNotFailover,
        Level = LogLevel.Warning,
        Message = "The slot '{Slot}' is created without slot.failover: the server is PostgreSQL {Major}, and standby "
            + "servers keep copies of slots from 17 on. After a failover the slot doesn't exist."
    )]
    public static partial void SlotNotFailover(this ILogger logger, string slot, int major);

    [LoggerMessage(
        EventId = BridgeEventIds.IdentitySet,
        Level = LogLevel.Information,
        Message = "The replica identity of '{Table}' has been set: {Statement}"
    )]
    public static partial void IdentitySet(this ILogger logger, string table, string statement);

    [LoggerMessage(
        EventId = BridgeEventIds.IdentityNotSet,
        Level = LogLevel.Error,
        Message = "The replica identity of '{Table}' stays as it is: {Reason}. As the table's owner, run: {Statement}"
    )]
    public static partial void IdentityNotSet(this ILogger logger, string table, string reason, string statement);

    [LoggerMessage(
        EventId = BridgeEventIds.SnapshotReadersFewer,
        Level = LogLevel.Warning,
        Message = "The source accepts no more connections: the snapshot reads {Count} tables at the same time, and not "
            + "{Wanted}. So that its other clients find a connection, lower snapshot.max.threads, or raise "
            + "max_connections (or the limit of the login or the database)."
    )]
    public static partial void SnapshotReadersFewer(this ILogger logger, int count, int wanted);

    [LoggerMessage(
        EventId = BridgeEventIds.SlotFailoverUnchanged,
        Level = LogLevel.Warning,
        Message = "The slot '{Slot}' exists, and stays one of which standby servers keep no copy: slot.failover is for "
            + "a slot that the bridge creates. From PostgreSQL 17 on, stop the bridge and run in a replication "
            + "connection: ALTER_REPLICATION_SLOT {Slot} (FAILOVER true)"
    )]
    public static partial void SlotFailoverUnchanged(this ILogger logger, string slot);

    [LoggerMessage(
        EventId = BridgeEventIds.MessagesNotListed,
        Level = LogLevel.Warning,
        Message = "The end of the transaction that committed at {Commit} counts {Count} logical messages that it "
            + "doesn't list one by one: the list would have no limit."
    )]
    public static partial void MessagesNotListed(this ILogger logger, Lsn commit, long count);
}
