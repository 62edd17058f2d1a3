namespace Strangler.Gateway.Telemetry;

/// <summary>
/// Figures of a route's comparisons since the gateway started. The gate uses the evidence, not these figures.
/// </summary>
/// <param name="Sampled">Requests whose keys belong to the share.</param>
/// <param name="Compared">Requests that were compared, with any result.</param>
/// <param name="Verdicts">
/// Verdicts by name, one for each part of an answer: match, wrong, torn, incomparable, undetermined.
/// </param>
/// <param name="Quiet">Matches in quiet brackets.</param>
/// <param name="WithCommits">Matches in brackets in which a commit changed what the key reads.</param>
/// <param name="Doubts">Why parts were incomparable or undetermined.</param>
/// <param name="Dropped">Why sampled requests, and undeclared ones, weren't compared.</param>
/// <param name="Misses">Why the lookup would have asked the call graph.</param>
/// <param name="Lookup">The durations of look-ups of the same requests.</param>
/// <param name="Late">The times from legacy's answers until the documents had passed their brackets.</param>
public sealed record ShadowFigures(
    long Sampled,
    long Compared,
    IReadOnlyDictionary<string, long> Verdicts,
    long Quiet,
    long WithCommits,
    IReadOnlyDictionary<string, long> Doubts,
    IReadOnlyDictionary<string, long> Dropped,
    IReadOnlyDictionary<string, long> Misses,
    SideFigures Lookup,
    SideFigures Late
)
{
    /// <summary>Requests that the lookup wouldn't answer, by reason.</summary>
    public IReadOnlyDictionary<string, long> NotSampled { get; init; } = new Dictionary<string, long>();
}
