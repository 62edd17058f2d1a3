namespace Strangler.ChangeLog;

/// <summary>
/// One record of the change log. Data, tombstones, truncates, heartbeats, boundaries, messages and outbox events are
/// all records: there is one pipeline.
/// </summary>
/// <param name="Position">Its place; the ordinal counts all records of its transaction from 0.</param>
/// <param name="Xid">
/// The transaction's id (never a subtransaction's), widened to 64 bits; 0 for rows read by a snapshot.
/// </param>
/// <param name="Kind">What it says.</param>
/// <param name="Topic">Debezium's topic: <c>prefix.schema.table</c>.</param>
/// <param name="Key">
/// Debezium's key in JSON, its fields in the order of the primary key; null if the table has none.
/// </param>
/// <param name="Headers">
/// Headers specific to the record (Debezium's for a changed key). Headers that are equal for every record of a
/// connector are not stored. Usually empty.
/// </param>
/// <param name="Value">The event in JSON; null for a tombstone.</param>
public sealed record LogRecord(
    Position Position,
    ulong Xid,
    LogRecordKind Kind,
    string Topic,
    byte[]? Key,
    IReadOnlyList<LogHeader> Headers,
    byte[]? Value
)
{
    /// <summary>
    /// The partition that an outbox event names; null if its key decides. Only a log with partitions keeps it.
    /// </summary>
    public int? Partition { get; init; }

    /// <summary>
    /// The time that an outbox event names, for a log whose records have one; null for the time of writing. The
    /// embedded log doesn't keep it.
    /// </summary>
    public DateTimeOffset? Timestamp { get; init; }
}
