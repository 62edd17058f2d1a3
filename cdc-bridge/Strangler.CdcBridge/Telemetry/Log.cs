using Microsoft.Extensions.Logging;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>The bridge's log messages.</summary>
internal static partial class Log
{
    [LoggerMessage(
        EventId = BridgeEventIds.SlotWaits,
        Level = LogLevel.Warning,
        Message = "The slot '{Slot}' is being created and waits for the transaction of process {ProcessId}, which has "
            + "been open for {Age} (user '{User}', application '{Application}', state '{State}')."
    )]
    public static partial void SlotWaits(
        this ILogger logger,
        string slot,
        int processId,
        TimeSpan age,
        string user,
        string application,
        string state
    );

    [LoggerMessage(
        EventId = BridgeEventIds.OtherBridgeRuns,
        Level = LogLevel.Warning,
        Message = "Another bridge of '{Source}' runs, or takes a new snapshot. This one waits until it ends."
    )]
    public static partial void OtherBridgeRuns(this ILogger logger, string source);

    [LoggerMessage(
        EventId = BridgeEventIds.StreamBegins,
        Level = LogLevel.Information,
        Message = "The stream of slot '{Slot}' begins; the log ends at {End}."
    )]
    public static partial void StreamBegins(this ILogger logger, string slot, Position? end);

    [LoggerMessage(
        EventId = BridgeEventIds.ConnectionLost,
        Level = LogLevel.Warning,
        Message = "The connection is lost ({Reason}); connecting again in {Pause}."
    )]
    public static partial void ConnectionLost(this ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(
        EventId = BridgeEventIds.StreamAbandoned,
        Level = LogLevel.Error,
        Message = "The stream of slot '{Slot}' ended {Count} times in a row with the log at {End} ({Reason}); "
            + "connecting "
            + "again. Fix the error that the source's own log has of it, or take a new snapshot: "
            + "'strangler bridge --resnapshot'."
    )]
    public static partial void StreamAbandoned(
        this ILogger logger,
        string slot,
        int count,
        Position? end,
        string reason
    );

    [LoggerMessage(
        EventId = BridgeEventIds.ValuesUnconverted,
        Level = LogLevel.Warning,
        Message = "Values come without the server's conversion. {Reason}"
    )]
    public static partial void ValuesUnconverted(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.StoreLost,
        Level = LogLevel.Warning,
        Message = "The store fails: {Reason} Trying again in {Pause}."
    )]
    public static partial void StoreLost(this ILogger logger, string reason, TimeSpan pause);

    [LoggerMessage(
        EventId = BridgeEventIds.EpochBegins,
        Level = LogLevel.Warning,
        Message = "Epoch {Epoch} begins with a full snapshot: {Because}"
    )]
    public static partial void EpochBegins(this ILogger logger, int epoch, string because);

    [LoggerMessage(
        EventId = BridgeEventIds.HistoryVerified,
        Level = LogLevel.Information,
        Message = "The server's history is the log's from {From} through {End}: look-ups may be answered again."
    )]
    public static partial void HistoryVerified(this ILogger logger, Lsn from, Position end);

    [LoggerMessage(
        EventId = BridgeEventIds.AnotherHistory,
        Level = LogLevel.Warning,
        Message = "The source has another history than the log: {Difference}. Nothing was acknowledged, and no look-up "
            + "is answered until a new snapshot is applied."
    )]
    public static partial void AnotherHistory(this ILogger logger, string difference);

    [LoggerMessage(
        EventId = BridgeEventIds.TableInDoubt,
        Level = LogLevel.Information,
        Message = "What was sent of '{Topic}' may no longer be what the table holds ({Because}); it is read again."
    )]
    public static partial void TableInDoubt(this ILogger logger, string topic, string because);

    [LoggerMessage(
        EventId = BridgeEventIds.TableRead,
        Level = LogLevel.Information,
        Message = "'{Topic}' has been read again at {Point}: {Rows} rows."
    )]
    public static partial void TableRead(this ILogger logger, string topic, Lsn point, long rows);

    /// <summary>An error if a person has to fix it.</summary>
    public static void TableStaysInDoubt(this ILogger logger, string topic, bool mendsItself, Fault why) =>
        TableStaysInDoubt(logger, mendsItself ? LogLevel.Information : LogLevel.Error, topic, why);

    [LoggerMessage(
        EventId = BridgeEventIds.TableStaysInDoubt,
        Message = "The table of '{Topic}' stays in doubt: "
            + "its keys are not answered from the lookup until this is fixed. {Why}"
    )]
    private static partial void TableStaysInDoubt(ILogger logger, LogLevel level, string topic, Fault why);

    [LoggerMessage(
        EventId = BridgeEventIds.ReadingPutOff,
        Level = LogLevel.Error,
        Message = "{Count} tables stay in doubt, since they can't be read again so far: {Topics}. Their keys are not "
            + "answered from the lookup; everything else continues, and the reading is tried again. {Why}"
    )]
    public static partial void ReadingPutOff(this ILogger logger, int count, string topics, string why);

    [LoggerMessage(
        EventId = BridgeEventIds.PublicationMended,
        Level = LogLevel.Warning,
        Message = "The publication did not match the captured tables, and was fixed: {Statement}"
    )]
    public static partial void PublicationMended(this ILogger logger, string statement);

    /// <summary>An error, unless it only waits for a lock: then it happens by itself.</summary>
    public static void PublicationNotMended(
        this ILogger logger,
        string statement,
        PostgresException reason,
        bool isLocked
    ) => PublicationNotMended(logger, isLocked ? LogLevel.Warning : LogLevel.Error, statement, reason.MessageText);

    [LoggerMessage(
        EventId = BridgeEventIds.PublicationNotMended,
        Message = "The publication does not match the captured tables, and this failed: {Statement} ({Reason})"
    )]
    private static partial void PublicationNotMended(ILogger logger, LogLevel level, string statement, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.PublicationAwaited,
        Level = LogLevel.Error,
        Message = "The publication '{Publication}' does not exist, "
            + "so that the stream cannot be read; waiting for it. {WayOut}"
    )]
    public static partial void PublicationAwaited(this ILogger logger, string publication, string wayOut);

    [LoggerMessage(
        EventId = BridgeEventIds.PublicationLost,
        Level = LogLevel.Warning,
        Message = "The publication '{Publication}' did not exist at the place in the stream from which the log "
            + "continues ({End}), so that the stream cannot be read from there: a new snapshot is taken."
    )]
    public static partial void PublicationLost(this ILogger logger, string publication, Position? end);

    [LoggerMessage(
        EventId = BridgeEventIds.HeartbeatFailed,
        Level = LogLevel.Warning,
        Message = "A heartbeat could not be emitted, and is tried again: {Reason}"
    )]
    public static partial void HeartbeatFailed(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.HeartbeatQueryFailed,
        Level = LogLevel.Warning,
        Message = "The statement of heartbeat.action.query failed, and is run again with each heartbeat: {Reason}"
    )]
    public static partial void HeartbeatQueryFailed(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.WatchFailed,
        Level = LogLevel.Warning,
        Message = "The source's catalogue could not be read, and is tried again: {Reason}"
    )]
    public static partial void WatchFailed(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.WatchFailsStill,
        Level = LogLevel.Debug,
        Message = "The source's catalogue could still not be read: {Reason}"
    )]
    public static partial void WatchFailsStill(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.HeartbeatFailsStill,
        Level = LogLevel.Debug,
        Message = "A heartbeat could still not be emitted: {Reason}"
    )]
    public static partial void HeartbeatFailsStill(this ILogger logger, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.CatalogueUnseen,
        Level = LogLevel.Error,
        Message = "The source's catalogue could not be read for {Age}, and tables may have been altered: the log "
            + "stops advancing, and readers' data gets older, until it can. {Trouble}"
    )]
    public static partial void CatalogueUnseen(this ILogger logger, TimeSpan age, string trouble);

    [LoggerMessage(
        EventId = BridgeEventIds.CatalogueSeenAgain,
        Level = LogLevel.Information,
        Message = "The source's catalogue can be read again: the log continues."
    )]
    public static partial void CatalogueSeenAgain(this ILogger logger);

    [LoggerMessage(
        EventId = BridgeEventIds.SentAgain,
        Level = LogLevel.Information,
        Message = "The server sends again what the log has, from the transaction that committed at {Commit}."
    )]
    public static partial void SentAgain(this ILogger logger, Lsn commit);

    [LoggerMessage(
        EventId = BridgeEventIds.PropertyWithoutEffect,
        Level = LogLevel.Warning,
        Message = "The property '{Name}' has no effect here."
    )]
    public static partial void PropertyWithoutEffect(this ILogger logger, string name);

    [LoggerMessage(
        EventId = BridgeEventIds.PublicationCreated,
        Level = LogLevel.Information,
        Message = "The publication '{Publication}' was created for {Tables}."
    )]
    public static partial void PublicationCreated(this ILogger logger, string publication, string tables);

    [LoggerMessage(
        EventId = BridgeEventIds.PublicationExtended,
        Level = LogLevel.Information,
        Message = "The publication '{Publication}' was extended by {Tables}."
    )]
    public static partial void PublicationExtended(this ILogger logger, string publication, string tables);

    [LoggerMessage(
        EventId = BridgeEventIds.Retained,
        Level = LogLevel.Information,
        Message = "Retention dropped {Segments} segments of the log."
    )]
    public static partial void Retained(this ILogger logger, int segments);

    [LoggerMessage(
        EventId = BridgeEventIds.RetentionPutOff,
        Level = LogLevel.Warning,
        Message = "Retention is postponed, because the slot could not be read ({Reason})."
    )]
    public static partial void RetentionPutOff(this ILogger logger, string reason);

    /// <summary>An error if a person has to act.</summary>
    [LoggerMessage(EventId = BridgeEventIds.WalHeldBack, Message = "The source's disk is at risk. {Fault}")]
    public static partial void WalHeldBack(this ILogger logger, LogLevel level, Fault fault);

    [LoggerMessage(
        EventId = BridgeEventIds.WalReleased,
        Level = LogLevel.Information,
        Message = "The slot '{Slot}' no longer holds back too much write-ahead log."
    )]
    public static partial void WalReleased(this ILogger logger, string slot);

    [LoggerMessage(
        EventId = BridgeEventIds.RetentionRefused,
        Level = LogLevel.Warning,
        Message = "What retention has dropped from the log can't be deleted, so its space isn't free: {Fault} "
            + "Everything else continues, and it is tried again."
    )]
    public static partial void RetentionRefused(this ILogger logger, string fault);

    [LoggerMessage(
        EventId = BridgeEventIds.RetentionWorksAgain,
        Level = LogLevel.Information,
        Message = "What retention has dropped from the log is deleted again."
    )]
    public static partial void RetentionWorksAgain(this ILogger logger);

    [LoggerMessage(
        EventId = BridgeEventIds.SlotBusy,
        Level = LogLevel.Information,
        Message = "The slot '{Slot}' is still held by process {ProcessId}; waiting for it to end."
    )]
    public static partial void SlotBusy(this ILogger logger, string slot, int processId);

    [LoggerMessage(
        EventId = BridgeEventIds.MessageIgnored,
        Level = LogLevel.Debug,
        Message = "A logical message with the prefix '{Prefix}' was ignored."
    )]
    public static partial void MessageIgnored(this ILogger logger, string prefix);

    [LoggerMessage(
        EventId = BridgeEventIds.OutboxChangeIgnored,
        Message = "A row of the outbox '{Table}' was updated, or the table was truncated. No event is written."
    )]
    public static partial void OutboxChangeIgnored(this ILogger logger, LogLevel level, string table);

    [LoggerMessage(
        EventId = BridgeEventIds.TableNotRouted,
        Level = LogLevel.Warning,
        Message = "The table '{Table}' has no column '{Column}', so it isn't an outbox: its rows are written as rows."
    )]
    public static partial void TableNotRouted(this ILogger logger, string table, string? column);

    [LoggerMessage(
        EventId = BridgeEventIds.OutboxEventDiffers,
        Level = LogLevel.Warning,
        Message = "An event of the outbox '{Table}' is not written as configured: {Reason}. Later ones aren't logged."
    )]
    public static partial void OutboxEventDiffers(this ILogger logger, string table, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.OutboxEventRefused,
        Level = LogLevel.Error,
        Message = "No event is written for the row of the outbox '{Table}' with the key '{Key}' and the topic "
            + "'{Topic}', because {Reason}. Correct the routing or the row, and insert it again."
    )]
    public static partial void OutboxEventRefused(
        this ILogger logger,
        string table,
        string key,
        string topic,
        string reason
    );

    [LoggerMessage(
        EventId = BridgeEventIds.ValueOmitted,
        Level = LogLevel.Warning,
        Message = "A value of the column '{Column}' of '{Table}' has no equivalent in Debezium's format, and is null "
            + "in its event: {Reason} Later ones aren't logged."
    )]
    public static partial void ValueOmitted(this ILogger logger, string table, string column, string reason);

    [LoggerMessage(
        EventId = BridgeEventIds.SpillFull,
        Level = LogLevel.Warning,
        Message = "Transactions have no room before they commit: {Reason}. Until this process ends, the server keeps "
            + "them until then. Raise 'Bridge:MaxSpill' or name a larger 'Bridge:SpillFolder' if they are to be read "
            + "earlier."
    )]
    public static partial void SpillFull(this ILogger logger, string reason);

    [LoggerMessage(EventId = BridgeEventIds.EarlySendFailed, Level = LogLevel.Warning, Message = "{Problem}")]
    public static partial void EarlySendFailed(this ILogger logger, string problem);

    [LoggerMessage(EventId = BridgeEventIds.TooManyTables, Level = LogLevel.Warning, Message = "{Problem} {WayOut}")]
    public static partial void TooManyTables(this ILogger logger, string problem, string wayOut);

    [LoggerMessage(EventId = BridgeEventIds.VersionUntested, Level = LogLevel.Warning, Message = "{Problem} {WayOut}")]
    public static partial void VersionUntested(this ILogger logger, string problem, string wayOut);

    [LoggerMessage(EventId = BridgeEventIds.IdentityMissing, Level = LogLevel.Error, Message = "{Fault}")]
    public static partial void IdentityMissing(this ILogger logger, Fault fault);

    [LoggerMessage(
        EventId = BridgeEventIds.TableAltered,
        Level = LogLevel.Warning,
        Message = "The table of '{Topic}' was altered, recreated or published again. What changed without a row event "
            + "is not in its topic; a new snapshot has it."
    )]
    public static partial void TableAltered(this ILogger logger, string topic);
}
