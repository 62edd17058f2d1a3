using Strangler.CdcBridge.Events;
using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>
/// Puts what is read into the order of the log. The last row of a table waits until another row comes: only then is it
/// known that it isn't the snapshot's last. What readers of the log are told meanwhile waits behind it.
/// </summary>
internal sealed class SnapshotWriter(RecordSink sink)
{
    /// <summary>A batch of a snapshot: a whole part still fits when it isn't full.</summary>
    public static AppendBatch Batch() =>
        new(AppendBatch.MaxRecords - TableReader.MaxPartRecords, AppendBatch.MaxBytes - TableReader.MaxPartBytes);

    private readonly List<(LogRecordKind Kind, string Topic, byte[] Value)> _behind = [];
    private LastRow? _last;

    /// <summary>The rows so far.</summary>
    public long Rows { get; private set; }

    /// <summary>Adds rows; after the last ones of a table that the log knows, that it has been read.</summary>
    public void Add(TablePart part)
    {
        if (part.Records.Count > 0 || part.Rows > 0)
            Release(isLast: false);
        foreach (var record in part.Records)
            sink.Add(record);
        if (part.Rows is not { } rows)
            return;
        Rows += rows;
        _last = part.Last ?? _last;
        if (part.Table.Topic is { } topic)
            Tell(LogRecordKind.TableRead, topic, TableReadRecord.Value(rows));
    }

    /// <summary>No row follows.</summary>
    public void Complete() => Release(isLast: true);

    private void Tell(LogRecordKind kind, string topic, byte[] value)
    {
        if (_last is null)
            sink.Add(kind, topic, null, [], value);
        else
            _behind.Add((kind, topic, value));
    }

    private void Release(bool isLast)
    {
        if (_last is not { } last)
            return;
        sink.Add(isLast ? last.InTable with { Value = last.InSnapshot } : last.InTable);
        _last = null;
        foreach (var (kind, topic, value) in _behind)
            sink.Add(kind, topic, null, [], value);
        _behind.Clear();
    }
}
