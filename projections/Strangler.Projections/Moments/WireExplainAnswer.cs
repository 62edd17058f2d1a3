namespace Strangler.Projections.Moments;

internal sealed record WireExplainAnswer(WireRefusal? Refused, WireExplanation? Known)
{
    public static WireExplainAnswer Of(Explained explained) =>
        explained switch
        {
            Explained.Refused refused => new(new WireRefusal(refused.Problem, refused.WayOut), null),
            Explained.Known known => new(
                null,
                new WireExplanation(
                    WireOutcome.Of(known.Made),
                    known.Rows,
                    [
                        .. known.Changes.Select(change => new WireChange(
                            change.Table,
                            change.PrimaryKey,
                            change.Before,
                            change.After,
                            change.At,
                            change.CommittedAt,
                            WireOutcome.Of(change.Without)
                        )),
                    ]
                )
            ),
            _ => throw new InvalidOperationException($"Unknown explanation {explained}."),
        };

    /// <summary>Null if it is neither.</summary>
    public Explained? ToExplained() =>
        this switch
        {
            { Refused: { } refused } => new Explained.Refused(refused.Problem, refused.WayOut),
            { Known: { } known } => new Explained.Known(
                known.Made.ToMade(),
                known.Rows,
                [
                    .. known.Changes.Select(change => new ExplainedChange(
                        change.Table,
                        change.PrimaryKey,
                        change.Before,
                        change.After,
                        change.At,
                        change.CommittedAt,
                        change.Without.ToMade()
                    )),
                ]
            ),
            _ => null,
        };
}
