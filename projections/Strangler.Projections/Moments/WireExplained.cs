namespace Strangler.Projections.Moments;

internal sealed record WireExplained(WireRefused? Refused, WireKnown? Known)
{
    public static WireExplained Of(Explained explained) =>
        explained switch
        {
            Explained.Refused refused => new(new WireRefused(refused.Problem, refused.WayOut), null),
            Explained.Known known => new(
                null,
                new WireKnown(
                    WireMade.Of(known.Made),
                    known.Rows,
                    [
                        .. known.Changes.Select(change => new WireChange(
                            change.Table,
                            change.PrimaryKey,
                            change.Before,
                            change.After,
                            change.At,
                            change.CommittedAt,
                            WireMade.Of(change.Without)
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
