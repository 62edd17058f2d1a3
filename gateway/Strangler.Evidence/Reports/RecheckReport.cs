namespace Strangler.Evidence.Reports;

/// <summary>
/// Of a route's requests, those that the lookup answered, and about which legacy was asked afterward. Every other
/// figure of the report includes them.
/// </summary>
/// <param name="Sampled">Those that were taken to be compared.</param>
/// <param name="Compared">Those with a comparison, whatever its result.</param>
/// <param name="Dropped">Those without a comparison.</param>
/// <param name="Wrong">Parts of their answers that were wrong.</param>
/// <param name="Last">The last comparison; null: none.</param>
/// <param name="FirstWrong">When a part was wrong first; null: never.</param>
/// <param name="LastWrong">When a part was wrong last; null: never.</param>
public sealed record RecheckReport(
    long Sampled,
    long Compared,
    long Dropped,
    long Wrong,
    DateTimeOffset? Last,
    DateTimeOffset? FirstWrong,
    DateTimeOffset? LastWrong
)
{
    /// <summary>The lookup has answered nothing that was compared.</summary>
    public static readonly RecheckReport None = new(0, 0, 0, 0, null, null, null);
}
