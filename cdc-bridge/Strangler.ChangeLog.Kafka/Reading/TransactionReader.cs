using Strangler.ChangeLog.Kafka.Control;

namespace Strangler.ChangeLog.Kafka.Reading;

/// <summary>
/// Finds transactions by their times, ids and positions: the list of the segments says where to look, and their control
/// records are looked at one by one. It blocks, and is not thread-safe.
/// </summary>
internal sealed class TransactionReader(ControlReader reader, string source, LogPoint point)
{
    /// <summary>All segments, oldest first.</summary>
    public IReadOnlyList<ControlSegment> Segments(CancellationToken cancellationToken)
    {
        var closed = point.State.SegmentsAt is { } at ? reader.Read(at, cancellationToken)?.Segments : null;
        return [.. closed ?? [], .. point.State.Segment is { } newest ? [newest] : Array.Empty<ControlSegment>()];
    }

    /// <summary>The end of the last transaction, in commit order, that committed at or before a time.</summary>
    public LogRead<Position> Last(DateTimeOffset time, CancellationToken cancellationToken)
    {
        var segments = Segments(cancellationToken);
        for (var index = segments.Count - 1; index >= 0; index--)
        {
            if (!(segments[index].OldestAt <= time))
                continue;
            Position? last = null;
            foreach (var (epoch, transaction) in Transactions(segments, index, cancellationToken))
            {
                if (transaction.CommittedAt <= time)
                    last = Position.EndOf(epoch, transaction.Commit);
            }
            if (last is { } found)
                return found;
        }
        var begin = point.State.Source;
        return begin.BeginAt <= time
            ? begin.Begin
            : LogFault.BeginsAfter(source, time, point.Last is null ? null : begin.Begin);
    }

    /// <summary>The first transaction of the floor's epoch before a position that a snapshot doesn't see.</summary>
    public LogRead<Position?> FirstUnseen(
        Position floor,
        ulong xmax,
        IReadOnlyList<ulong> running,
        Position until,
        CancellationToken cancellationToken
    )
    {
        var begin = point.State.Source.Begin;
        if (point.Last is not null && begin >= floor)
            return LogFault.Dropped(source, floor, begin);
        var (segments, ids) = (Segments(cancellationToken), running.ToHashSet());
        var oldest = running.Append(xmax).Min();
        foreach (var (index, segment) in segments.Index())
        {
            if (segment.Row.Epoch != floor.Epoch || !(segment.NewestXid >= oldest))
                continue;
            // Each record's state has the greatest id of its segment so far, which only rises: nothing before the first
            // record at which it reaches the least unseen id can be unseen.
            var to = End(segments, index);
            var first = reader.First(
                segment.From,
                to,
                record => record.State.Segment?.NewestXid >= oldest,
                cancellationToken
            );
            if (first is null)
                continue;
            foreach (var (epoch, transaction) in TransactionScan.Of(reader, first.Offset, to, cancellationToken))
            {
                var start = new Position(epoch, transaction.Commit, 0);
                if (start >= until)
                    return new LogRead<Position?>.Found(null);
                if (transaction.Xid != 0 && (transaction.Xid >= xmax || ids.Contains(transaction.Xid)))
                    return new LogRead<Position?>.Found(start);
            }
        }
        return new LogRead<Position?>.Found(null);
    }

    /// <summary>The source's own transactions from one position through another, of one epoch.</summary>
    public LogRead<IReadOnlyList<LogTransaction>> Between(
        Position from,
        Position through,
        int limit,
        CancellationToken cancellationToken
    )
    {
        var first = reader.First(point.Low, point.High, record => record.State.End > from, cancellationToken);
        if (first is null)
            return new LogRead<IReadOnlyList<LogTransaction>>.Found([]);
        return new LogRead<IReadOnlyList<LogTransaction>>.Found([
            .. TransactionScan
                .Of(reader, first.From, point.High, cancellationToken)
                .TakeWhile(one => (one.Epoch, one.Transaction.Commit).CompareTo((from.Epoch, through.Commit)) <= 0)
                .Where(one =>
                    one.Epoch == from.Epoch && one.Transaction.Commit >= from.Commit && one.Transaction.Xid != 0
                )
                .Select(one => one.Transaction)
                .Take(limit),
        ]);
    }

    private IEnumerable<(int Epoch, LogTransaction Transaction)> Transactions(
        IReadOnlyList<ControlSegment> segments,
        int index,
        CancellationToken cancellationToken
    ) => TransactionScan.Of(reader, segments[index].From, End(segments, index), cancellationToken);

    /// <summary>The offset after the last control record of a segment.</summary>
    private long End(IReadOnlyList<ControlSegment> segments, int index) =>
        index + 1 < segments.Count ? segments[index + 1].From : point.High;
}
