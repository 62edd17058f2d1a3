using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;

namespace Strangler.Testing;

/// <summary>One source's log in memory. Not thread-safe: <see cref="InMemoryChangeLog"/> locks it.</summary>
internal sealed class InMemorySource(string name, EmbeddedLogOptions options, TimeProvider time)
{
    private readonly List<Segment> _segments = [];
    private LogTail _tail;
    private DateTimeOffset _at;
    private DateTimeOffset? _transactionAt;
    private long _token;
    private Lsn? _catalogueSeen;
    private int _trusted;
    private string? _server;
    private bool _hasLeft;

    public Position? End => _tail.End;

    public byte[]? Offset { get; private set; }

    public long TakeOver()
    {
        _hasLeft = _tail.IsUnfinished;
        _catalogueSeen = null;
        if (End is { } end)
            (_trusted, _server) = (end.Epoch + 1, null);
        return ++_token;
    }

    public LogExtent? Extent()
    {
        if (_segments.Count == 0 && End is null)
            return null;
        Position? snapshot =
            End is not { } end ? null
            : Begin == Position.Start ? Begin
            : _segments.Find(segment => segment.StartsEpoch && segment.Epoch <= end.Epoch)?.Start;
        return new LogExtent(Begin, End, _at, snapshot)
        {
            CatalogueSeen = _catalogueSeen,
            TrustedEpoch = _trusted,
            VerifiedServer = _server,
        };
    }

    public void Append(long token, LogAppend append)
    {
        Fence(token);
        RemoveLeft();
        var tail = _tail.After(append);
        var completed = _tail.Completed(append);
        var now = time.GetUtcNow();
        if (append.Through is { } to && to.Epoch != End?.Epoch)
            _catalogueSeen = null;
        _catalogueSeen = append.CatalogueSeen ?? _catalogueSeen;
        var visible = append.Through is { } through
            ? append.Records.TakeWhile(record => record.Position <= through).ToList()
            : [];
        if (visible.Count > 0 || completed.Count > 0)
            Store(append.Through!.Value.Epoch, visible, completed, now);
        if (append.Through is { } end)
        {
            (_tail, _at) = (_tail with { End = end }, append.At);
            if (completed.Count > 0)
                _transactionAt = completed[^1].CommittedAt;
        }
        if (visible.Count < append.Records.Count)
            Store(append.Records[visible.Count].Position.Epoch, [.. append.Records.Skip(visible.Count)], [], now);
        _tail = tail;
        Offset = append.Offset ?? Offset;
    }

    /// <inheritdoc cref="ILogAppender.KeepUnfinishedAsync"/>
    public Position? Keep(long token)
    {
        Fence(token);
        if (!_hasLeft)
            return null;
        _hasLeft = false;
        return _tail.Last;
    }

    public void Discard(long token, byte[] offset)
    {
        Fence(token);
        RemoveUnfinished();
        Offset = offset;
    }

    public int Retain(long token, LogRetention retention)
    {
        Fence(token);
        RemoveLeft();
        var dropped = SegmentPolicy.Droppable(
            [.. _segments.Select(segment => (segment.Bytes, segment.NewestAt))],
            retention,
            time.GetUtcNow()
        );
        dropped = Math.Min(
            dropped,
            SegmentPolicy.Before([.. _segments.Select(segment => segment.Start)], retention.Kept)
        );
        _segments.RemoveRange(0, dropped);
        return dropped;
    }

    public IReadOnlyList<LogTransaction> TransactionsBetween(Position from, Position through, int limit) =>
        [
            .. Transactions()
                .Where(one =>
                    one.Epoch == from.Epoch
                    && one.Transaction.Xid != 0
                    && one.Transaction.Commit >= from.Commit
                    && one.Transaction.Commit <= through.Commit
                )
                .Select(one => one.Transaction)
                .Take(limit),
        ];

    public void Trust(long token, string server)
    {
        Fence(token);
        if (End is { } end)
            (_trusted, _server) = (end.Epoch, server);
    }

    public LogRead<LogPage> Read(Position after, LogReadLimit limit)
    {
        if (after < Begin)
            return LogFault.Dropped(name, after, Begin);
        if (after > (End ?? Position.Start))
            return LogFault.EndsBefore(name, after, End);
        var page = new List<LogRecord>();
        Position? next = null;
        var bytes = 0L;
        foreach (
            var record in _segments
                .SelectMany(segment => segment.Behind(after))
                .TakeWhile(record => record.Position <= End)
        )
        {
            bytes += RecordSize.Of(record);
            if (page.Count > 0 && (page.Count >= limit.Records || bytes > limit.Bytes))
            {
                next = record.Position;
                break;
            }
            page.Add(record);
        }
        var reached = PageEnd.Through(after, page.Count == 0 ? null : page[^1].Position, next, End);
        return new LogPage(
            page,
            reached,
            reached >= End
                ? _at
                : Transactions()
                    .LastOrDefault(transaction =>
                        Position.EndOf(transaction.Epoch, transaction.Transaction.Commit)
                        <= Position.EndOf(reached.Epoch, reached.Commit)
                    )
                    .Transaction?.CommittedAt
                    ?? default
        );
    }

    public LogRead<Position> Seek(DateTimeOffset asked)
    {
        var (transaction, epoch) = Transactions()
            .LastOrDefault(transaction => transaction.Transaction.CommittedAt <= asked);
        if (transaction is not null)
            return Position.EndOf(epoch, transaction.Commit);
        if (_segments is [{ StartAt: { } beginAt }, ..] && beginAt <= asked)
            return Begin;
        return LogFault.BeginsAfter(name, asked, _segments.Count == 0 ? null : Begin);
    }

    public LogRead<Position?> FirstUnseen(Position floor, ulong xmax, IReadOnlyList<ulong> running, Position until)
    {
        if (Begin >= floor)
            return LogFault.Dropped(name, floor, Begin);
        foreach (var (transaction, epoch) in Transactions())
        {
            var start = new Position(epoch, transaction.Commit, 0);
            if (
                epoch == floor.Epoch
                && start < until
                && transaction.Xid != 0
                && (transaction.Xid >= xmax || running.Contains(transaction.Xid))
            )
                return new LogRead<Position?>.Found(start);
        }
        return new LogRead<Position?>.Found(null);
    }

    private Position Begin => _segments.Count == 0 ? Position.Start : _segments[0].Start;

    private IEnumerable<(LogTransaction Transaction, int Epoch)> Transactions() =>
        _segments.SelectMany(segment => segment.Transactions.Select(transaction => (transaction, segment.Epoch)));

    private void Fence(long token)
    {
        if (token != _token)
            throw LogFault.TakenOver(name);
    }

    private void RemoveLeft()
    {
        if (_hasLeft)
            RemoveUnfinished();
    }

    private void RemoveUnfinished()
    {
        _hasLeft = false;
        foreach (var segment in _segments)
            segment.Remove(End ?? Position.Start);
        _tail = _tail.Finished;
    }

    private void Store(
        int epoch,
        IReadOnlyList<LogRecord> records,
        IReadOnlyList<LogTransaction> transactions,
        DateTimeOffset now
    )
    {
        var isBetweenTransactions = _tail.Last is not { } last || last <= End;
        if (_segments is not [.., var newest])
            _segments.Add(new Segment(Position.Start, epoch, null, true, now));
        else if (isBetweenTransactions && newest.IsEmpty && newest.Epoch != epoch)
            _segments.Add(new Segment(newest.Start, epoch, newest.StartAt, true, now));
        else if (
            isBetweenTransactions
            && (
                newest.Epoch != epoch
                || (!newest.IsEmpty && SegmentPolicy.IsFull(newest.Bytes, newest.CreatedAt, options, now))
            )
        )
            _segments.Add(new Segment(End ?? Position.Start, epoch, _transactionAt, newest.Epoch != epoch, now));
        _segments[^1].Add(records, transactions);
    }

    private sealed class Segment(
        Position start,
        int epoch,
        DateTimeOffset? startAt,
        bool startsEpoch,
        DateTimeOffset createdAt
    )
    {
        public Position Start => start;
        public int Epoch => epoch;
        public DateTimeOffset? StartAt => startAt;
        public bool StartsEpoch => startsEpoch;
        public DateTimeOffset CreatedAt => createdAt;
        public List<LogRecord> Records { get; } = [];
        public List<LogTransaction> Transactions { get; } = [];
        public long Bytes { get; private set; }
        public bool IsEmpty => Records.Count == 0 && Transactions.Count == 0;
        public DateTimeOffset? NewestAt =>
            Transactions.Count == 0 ? null : Transactions.Max(transaction => transaction.CommittedAt);

        public void Add(IReadOnlyList<LogRecord> records, IReadOnlyList<LogTransaction> transactions)
        {
            Records.AddRange(records);
            Transactions.AddRange(transactions);
            Bytes += records.Sum(RecordSize.Of);
        }

        /// <summary>Found by binary search: a long log is read page by page.</summary>
        public IEnumerable<LogRecord> Behind(Position position)
        {
            var (from, to) = (0, Records.Count);
            while (from < to)
            {
                var middle = (from + to) / 2;
                if (Records[middle].Position > position)
                    to = middle;
                else
                    from = middle + 1;
            }
            for (; from < Records.Count; from++)
                yield return Records[from];
        }

        public void Remove(Position behind)
        {
            Records.RemoveAll(record => record.Position > behind);
            Bytes = Records.Sum(RecordSize.Of);
        }
    }
}
