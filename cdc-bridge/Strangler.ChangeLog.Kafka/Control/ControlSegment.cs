using Strangler.ChangeLog.Embedded;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>Consecutive whole transactions, the unit of retention, as in the embedded log.</summary>
/// <param name="Row">What decides when it is full and when it may be dropped.</param>
/// <param name="From">The offset of its first control record.</param>
/// <param name="OldestAt">The earliest time of one of its transactions. Clocks jump: it need not be the first.</param>
/// <param name="NewestXid">The greatest id of one of its transactions.</param>
internal sealed record ControlSegment(SegmentRow Row, long From, DateTimeOffset? OldestAt, ulong? NewestXid)
{
    /// <summary>The segment with more in it.</summary>
    public ControlSegment With(long records, long bytes, IReadOnlyList<LogTransaction> transactions)
    {
        var (newest, oldest, xid) = (Row.NewestAt, OldestAt, NewestXid);
        foreach (var transaction in transactions)
        {
            newest = newest > transaction.CommittedAt ? newest : transaction.CommittedAt;
            oldest = oldest < transaction.CommittedAt ? oldest : transaction.CommittedAt;
            xid = xid > transaction.Xid ? xid : transaction.Xid;
        }
        return new ControlSegment(
            Row with
            {
                Records = Row.Records + records,
                Bytes = Row.Bytes + bytes,
                NewestAt = newest,
            },
            From,
            oldest,
            xid
        );
    }
}
