using Strangler.CdcBridge.Replication;
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

    public void Add(LogRecordKind kind, string topic, byte[]? key, IReadOnlyList<LogHeader> headers, byte[]? value)
    {
        if (Count == int.MaxValue)
            throw new InvalidOperationException(
                $"The transaction at {_commit} has more records than a position can count."
            );
        batch.Add(new LogRecord(new Position(epoch, _commit, Count++), _xid, kind, topic, key, headers, value));
    }
}
