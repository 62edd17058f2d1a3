namespace Strangler.ChangeLog.Kafka.Control;

/// <summary>How the log stands, for its appender: each control record follows from the one before. Pure.</summary>
/// <param name="State">The state.</param>
/// <param name="Closed">The segments before the newest, oldest first.</param>
internal sealed record ControlLedger(ControlState State, IReadOnlyList<ControlSegment> Closed)
{
    /// <summary>All segments, oldest first.</summary>
    public IReadOnlyList<ControlSegment> Segments => State.Segment is { } newest ? [.. Closed, newest] : Closed;

    /// <summary>The record that a draft becomes at an offset, and the ledger after it.</summary>
    public (ControlRecord Record, ControlLedger After) Next(ControlDraft draft, long offset)
    {
        var (before, closed) = (Before(draft), Closed);
        var isChanged = draft.Dropped > 0;
        if (draft.Dropped > 0)
            closed = [.. Closed.Skip(draft.Dropped)];
        if (draft.NewSegment is { } begun)
        {
            isChanged = before.Segment is not null;
            closed = before.Segment is { } full ? [.. closed, full] : closed;
            before = before with
            {
                Segment = new ControlSegment(
                    begun with
                    {
                        Records = 0,
                        Bytes = 0,
                        NewestAt = null,
                    },
                    offset,
                    null,
                    null
                ),
            };
        }
        var state = Moved(before, draft, offset) with
        {
            Segment = before.Segment?.With(draft.Block.Count, draft.Bytes, draft.Transactions),
            SegmentsAt = isChanged ? offset : before.SegmentsAt,
        };
        var after = new ControlLedger(state with { Snapshot = Snapshot(state, closed) }, closed);
        return (
            new ControlRecord(draft.Kind, offset, after.State)
            {
                Source = draft.Name,
                From = draft.Kind == ControlKind.Cut ? before.Unfinished?.From ?? offset : offset,
                Block = draft.Block,
                Transactions = draft.Transactions,
                Segments = isChanged ? closed : null,
            },
            after
        );
    }

    private ControlState Before(ControlDraft draft) => draft.Kind == ControlKind.Discarded ? State.Finished : State;

    private static ControlState Moved(ControlState before, ControlDraft draft, long offset)
    {
        var state = before with { Source = draft.Source, Log = draft.Log ?? before.Log };
        return draft.Kind switch
        {
            ControlKind.Opened when state.End is { } end => state with
            {
                TrustedEpoch = end.Epoch + 1,
                VerifiedServer = null,
            },
            ControlKind.Verified when state.End is { } end => state with
            {
                TrustedEpoch = end.Epoch,
                VerifiedServer = draft.Server,
            },
            ControlKind.Cut => state with { Last = state.End, Unfinished = null },
            ControlKind.Chunk when draft.Block.Count + draft.Transactions.Count > 0 => state with
            {
                Last = draft.Block.Last ?? before.Last,
                Unfinished = before.Unfinished is { } more
                    ? new UnfinishedRecords(more.From, more.Records + draft.Block.Count, more.Bytes + draft.Bytes)
                    : new UnfinishedRecords(offset, draft.Block.Count, draft.Bytes),
            },
            _ => state,
        };
    }

    private static Position? Snapshot(ControlState state, IReadOnlyList<ControlSegment> closed)
    {
        if (state.Source.BeginsWithSnapshot)
            return state.Source.Begin;
        if (state.End is not { } end)
            return null;
        foreach (var segment in closed)
        {
            if (segment.Row.StartsEpoch && segment.Row.Epoch <= end.Epoch)
                return segment.Row.Start;
        }
        return state.Segment is { Row: { StartsEpoch: true } newest } && newest.Epoch <= end.Epoch
            ? newest.Start
            : null;
    }
}
