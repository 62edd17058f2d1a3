namespace Strangler.Projections.Moments;

internal sealed record WireBracket(WireDoubt? Undetermined, WireEvaluation? Evaluated)
{
    public static WireBracket Of(BracketFound found) =>
        found switch
        {
            BracketFound.Undetermined undetermined => new(
                new WireDoubt(undetermined.Reason, undetermined.Detail),
                null
            ),
            BracketFound.Evaluated evaluated => new(
                null,
                new WireEvaluation(
                    evaluated.From,
                    evaluated.To,
                    evaluated.PassedAt,
                    [.. evaluated.Keys.Select(WireKey.Of)]
                )
            ),
            _ => throw new InvalidOperationException($"Unknown finding {found}."),
        };

    /// <summary>Null if it is neither.</summary>
    public BracketFound? ToFound() =>
        this switch
        {
            { Undetermined: { } undetermined } => new BracketFound.Undetermined(
                undetermined.Reason,
                undetermined.Detail
            ),
            { Evaluated: { } evaluated } => new BracketFound.Evaluated(
                evaluated.From,
                evaluated.To,
                evaluated.PassedAt,
                [.. evaluated.Keys.Select(key => key.ToKey())]
            ),
            _ => null,
        };
}
