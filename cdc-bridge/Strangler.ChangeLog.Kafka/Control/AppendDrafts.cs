using Strangler.ChangeLog.Embedded;

namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>
/// The control records of an append. Pure. A large one takes several: chunks, and the cut that makes them visible;
/// what an append begins and doesn't end is a chunk of its own after the cut.
/// </summary>
internal sealed class AppendDrafts
{
    /// <summary>A broker takes messages of 1 MB, unless it is told otherwise.</summary>
    private const int MaxFields = 256 << 10;

    /// <summary>A reader holds the records of one control record at a time.</summary>
    private const long MaxData = 8L << 20;
    private const int MaxTransactions = 4096;
    private const int EntrySize = 8;

    private readonly List<ControlDraft> _drafts = [];
    private readonly AppendPlan _plan;
    private readonly IReadOnlyList<MessagePlace?> _places;
    private int _index;

    private AppendDrafts(AppendPlan plan, IReadOnlyList<MessagePlace?> places) => (_plan, _places) = (plan, places);

    /// <param name="append">The append.</param>
    /// <param name="plan">What it changes, as in the embedded log.</param>
    /// <param name="places">Where each of its records is stored; null for those that a control record holds.</param>
    public static IReadOnlyList<ControlDraft> Of(LogAppend append, AppendPlan plan, IReadOnlyList<MessagePlace?> places)
    {
        var drafts = new AppendDrafts(plan, places);
        var parts = new Queue<AppendPart>(plan.Parts);
        if (append.Through is { } through)
            drafts.Add(parts.Count > 0 && IsVisible(parts.Peek(), through) ? parts.Dequeue() : null, ControlKind.Cut);
        if (append.Through is null || parts.Count > 0)
            drafts.Add(parts.Count > 0 ? parts.Dequeue() : null, ControlKind.Chunk);
        return drafts._drafts;
    }

    private static bool IsVisible(AppendPart part, Position through) =>
        part.Records.Count == 0 || part.Records[0].Position <= through;

    /// <summary>Adds a part, of which only the last draft is of the kind, and the others are chunks.</summary>
    private void Add(AppendPart? part, ControlKind kind)
    {
        var isNew = part?.IsNew ?? false;
        var transactions = new Queue<LogTransaction>(part?.Transactions ?? []);
        var records = part?.Records ?? [];
        var (taken, isBegun) = (0, false);
        while (!isBegun || taken < records.Count || transactions.Count > 0)
        {
            var (block, count, bytes) = Block(records, taken);
            var whole = new List<LogTransaction>();
            while (whole.Count < MaxTransactions && transactions.TryDequeue(out var transaction))
                whole.Add(transaction);
            taken += count;
            _index += count;
            var isLast = taken == records.Count && transactions.Count == 0;
            var isCut = _drafts.Exists(draft => draft.Kind == ControlKind.Cut);
            _drafts.Add(
                new ControlDraft(
                    isLast ? kind : ControlKind.Chunk,
                    isLast || isCut ? _plan.After : _plan.Before with { NextSegment = _plan.After.NextSegment }
                )
                {
                    NewSegment = isNew && !isBegun ? part!.Segment : null,
                    Block = block,
                    Bytes = bytes,
                    Transactions = whole,
                }
            );
            isBegun = true;
        }
    }

    private (ControlBlock Block, int Count, long Bytes) Block(IReadOnlyList<LogRecord> records, int from)
    {
        var builder = new ControlBlockBuilder();
        var (count, bytes, fields) = (0, 0L, 0L);
        while (from + count < records.Count)
        {
            var record = records[from + count];
            var size = RecordSize.Of(record);
            var field = EntrySize + (_places[_index + count] is null ? size + record.Topic.Length * 3 : 0);
            if (count > 0 && (bytes + size > MaxData || fields + field > MaxFields))
                break;
            builder.Add(record, _places[_index + count]);
            (count, bytes, fields) = (count + 1, bytes + size, fields + field);
        }
        return (builder.Build(), count, bytes);
    }
}
