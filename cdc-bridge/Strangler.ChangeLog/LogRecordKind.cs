namespace Strangler.ChangeLog;

/// <summary>What a record says. The numbers are stored in the log and never change their meaning.</summary>
public enum LogRecordKind
{
    /// <summary>A change of one row, or a row read by a snapshot: the value is Debezium's envelope.</summary>
    Data = 0,

    /// <summary>Debezium's tombstone after a delete: a key and no value.</summary>
    Tombstone = 1,

    /// <summary>A table was emptied: the value is Debezium's envelope with op <c>t</c>, the key is null.</summary>
    Truncate = 2,

    /// <summary>Debezium's heartbeat.</summary>
    Heartbeat = 3,

    /// <summary>Debezium's begin or end of a transaction.</summary>
    Transaction = 4,

    /// <summary>A logical message (<c>pg_logical_emit_message</c>).</summary>
    Message = 5,

    /// <summary>An event from an outbox table.</summary>
    Outbox = 6,

    /// <summary>
    /// The catalogue of a table from here on: the value is a <see cref="Tables.TableSchema"/> in JSON. It precedes the
    /// first row that it describes.
    /// </summary>
    Schema = 7,

    /// <summary>
    /// A table has been read completely at this position (initial snapshot or a later reading): its rows are the
    /// <see cref="Data"/> records of this topic with this commit LSN. An older row that a reader holds and that is not
    /// among them no longer exists.
    /// </summary>
    TableRead = 8,

    /// <summary>
    /// From here on nobody knows what the table holds (it is gone, replaced, or not published completely), until it has
    /// been read again. The value is a <see cref="Tables.TableDoubt"/> in JSON.
    /// </summary>
    TableDoubt = 9,
}
