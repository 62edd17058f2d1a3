namespace Strangler.ChangeLog.Embedded;

/// <summary>
/// What an append changes in the tables. Pure. Its records go to one segment, or to two if the first becomes full
/// exactly at the new end; a transaction is never split.
/// </summary>
/// <param name="Before">The source before the append.</param>
/// <param name="After">The source after the append.</param>
/// <param name="Parts">What each segment receives, in order.</param>
internal sealed record AppendPlan(SourceRow Before, SourceRow After, IReadOnlyList<AppendPart> Parts)
{
    /// <summary>The newest segment after the append.</summary>
    public SegmentRow? Segment { get; private init; }

    public static AppendPlan Of(
        LogAppend append,
        LogTail tail,
        SourceRow source,
        SegmentRow? segment,
        EmbeddedLogOptions options,
        DateTimeOffset now
    )
    {
        var completed = tail.Completed(append);
        var visible = append.Through is { } through ? VisibleCount(append.Records, through) : 0;
        var next = source with
        {
            Offset = append.Offset ?? source.Offset,
            CatalogueSeen =
                append.CatalogueSeen
                ?? (append.Through is { } to && to.Epoch != source.End?.Epoch ? null : source.CatalogueSeen),
        };
        var parts = new List<AppendPart>();

        if (visible > 0 || completed.Count > 0)
            Put(append.Through!.Value.Epoch, Slice(append.Records, 0, visible), completed);
        if (append.Through is { } end)
            next = next with
            {
                End = end,
                EndAt = append.At,
                TransactionAt = completed.Count > 0 ? completed[^1].CommittedAt : next.TransactionAt,
            };
        if (visible < append.Records.Count)
            Put(
                append.Records[visible].Position.Epoch,
                Slice(append.Records, visible, append.Records.Count - visible),
                []
            );
        return new AppendPlan(source, next, parts) { Segment = segment };

        void Put(int epoch, IReadOnlyList<LogRecord> records, IReadOnlyList<LogTransaction> transactions)
        {
            var isBetweenTransactions = tail.Last is not { } last || last <= next.End;
            var isNew =
                segment is null
                || (
                    isBetweenTransactions
                    && (
                        segment.Epoch != epoch
                        || (!segment.IsEmpty && SegmentPolicy.IsFull(segment.Bytes, segment.CreatedAt, options, now))
                    )
                );
            var into = isNew ? Following(epoch) : segment!;
            var bytes = records.Sum(RecordSize.Of);
            DateTimeOffset? newest =
                transactions.Count == 0 ? null : transactions.Max(transaction => transaction.CommittedAt);
            segment = into with
            {
                Records = into.Records + records.Count,
                Bytes = into.Bytes + bytes,
                NewestAt = into.NewestAt is { } at && !(newest > at) ? at : newest,
            };
            parts.Add(new AppendPart(segment, isNew, records, transactions, bytes));
        }

        // If the newest segment no longer holds anything, the next one starts where it started, so that dropping the
        // empty one takes nothing from a reader.
        SegmentRow Following(int epoch)
        {
            var number = next.Segment(next.NextSegment);
            next = next with { NextSegment = next.NextSegment + 1 };
            return segment switch
            {
                null => new SegmentRow(number, epoch, true, Position.Start, null, now, null, 0, 0),
                { IsEmpty: true } => new SegmentRow(
                    number,
                    epoch,
                    true,
                    segment.Start,
                    segment.StartAt,
                    now,
                    null,
                    0,
                    0
                ),
                _ => new SegmentRow(
                    number,
                    epoch,
                    segment.Epoch != epoch,
                    next.End ?? Position.Start,
                    next.TransactionAt,
                    now,
                    null,
                    0,
                    0
                ),
            };
        }
    }

    private static int VisibleCount(IReadOnlyList<LogRecord> records, Position through)
    {
        var count = records.Count;
        while (count > 0 && records[count - 1].Position > through)
            count--;
        return count;
    }

    private static IReadOnlyList<LogRecord> Slice(IReadOnlyList<LogRecord> records, int from, int count) =>
        from == 0 && count == records.Count ? records : [.. records.Skip(from).Take(count)];
}
