using Strangler.ChangeLog;

namespace Strangler.CdcBridge.Events;

/// <summary>
/// Collects records into appends: many small transactions in one, a large one in several. It holds at most
/// <paramref name="maxRecords"/> records or <paramref name="maxBytes"/> bytes, plus one record; when it is full, its
/// owner must take from it before adding.
/// </summary>
internal sealed class AppendBatch(int maxRecords = AppendBatch.MaxRecords, long maxBytes = AppendBatch.MaxBytes)
{
    public const int MaxRecords = 2_000;
    public const long MaxBytes = 4 << 20;

    private List<LogRecord> _records = [];
    private List<LogTransaction> _transactions = [];
    private int _completeRecords;
    private long _bytes;
    private Position? _through;
    private DateTimeOffset _at;

    public bool IsFull => _records.Count >= maxRecords || _bytes >= maxBytes;

    /// <summary>Whether a whole transaction is not yet appended.</summary>
    public bool HasComplete => _through is not null;

    public bool IsEmpty => _through is null && _records.Count == 0;

    public void Add(LogRecord record)
    {
        _records.Add(record);
        _bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + record.Topic.Length + 64;
    }

    /// <summary>The open transaction is whole: readers may see through <paramref name="through"/>.</summary>
    /// <param name="transaction">The transaction; null if it has no record.</param>
    public void Complete(LogTransaction? transaction, Position through, DateTimeOffset at)
    {
        if (transaction is not null)
            _transactions.Add(transaction);
        (_completeRecords, _through, _at) = (_records.Count, through, at);
    }

    /// <summary>Takes everything that is whole; the records of an open transaction stay.</summary>
    public LogAppend TakeComplete(byte[] offset)
    {
        if (_through is not { } through)
            throw new InvalidOperationException("Nothing in the batch is whole.");
        var open = _records.GetRange(_completeRecords, _records.Count - _completeRecords);
        var complete = open.Count == 0 ? _records : _records.GetRange(0, _completeRecords);
        var append = new LogAppend(complete, _transactions, through, _at, offset);
        Reset(open);
        return append;
    }

    /// <summary>
    /// Takes the records of the open transaction as a chunk that readers don't see yet. Whole transactions must be
    /// taken first.
    /// </summary>
    public LogAppend TakeChunk(DateTimeOffset at)
    {
        if (HasComplete)
            throw new InvalidOperationException("Whole transactions must be taken first.");
        var append = new LogAppend(_records, [], null, at);
        Reset([]);
        return append;
    }

    private void Reset(List<LogRecord> open)
    {
        (_records, _transactions, _completeRecords, _through, _bytes) = (open, [], 0, null, 0);
        foreach (var record in open)
            _bytes += (record.Key?.Length ?? 0) + (record.Value?.Length ?? 0) + record.Topic.Length + 64;
    }
}
