using Strangler.CdcBridge.Outbox;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>Assigns positions to the records of one transaction, or of one reading.</summary>
internal sealed class RecordSink(AppendBatch batch, int epoch)
{
    private Lsn _commit;
    private ulong _xid;

    /// <summary>The number of records so far.</summary>
    public int Count { get; private set; }

    /// <summary>From here on, records are at <paramref name="commit"/>, from ordinal 0.</summary>
    public void Begin(Lsn commit, ulong xid) => (_commit, _xid, Count) = (commit, xid, 0);

    public void Add(LogRecordKind kind, string topic, byte[]? key, IReadOnlyList<LogHeader> headers, byte[]? value) =>
        batch.Add(new LogRecord(Next(), _xid, kind, topic, key, headers, value));

    /// <summary>Adds a record whose position isn't decided yet.</summary>
    public void Add(LogRecord record) => batch.Add(record with { Position = Next(), Xid = _xid });

    public void Add(OutboxEvent routed) =>
        batch.Add(
            new LogRecord(Next(), _xid, LogRecordKind.Outbox, routed.Topic, routed.Key, routed.Headers, routed.Value)
            {
                Partition = routed.Partition,
                Timestamp = routed.Timestamp,
            }
        );

    private Position Next() =>
        Count < int.MaxValue
            ? new Position(epoch, _commit, Count++)
            : throw new InvalidOperationException(
                $"The transaction at {_commit} has more records than a position can count."
            );
}
