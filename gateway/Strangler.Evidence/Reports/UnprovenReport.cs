namespace Strangler.Evidence.Reports;

/// <summary>Keys compared at least <paramref name="After"/> times without a match.</summary>
/// <param name="After">The number of comparisons after which a key counts as unproven.</param>
/// <param name="Count">The number of keys.</param>
/// <param name="Requests">Sampled requests that named them; a request that names two counts twice.</param>
/// <param name="Share">Their share of all sampled requests, at most 1.</param>
/// <param name="Keys">The first hundred, most requests first.</param>
public sealed record UnprovenReport(
    int After,
    long Count,
    long Requests,
    double Share,
    IReadOnlyList<UnprovenKey> Keys
);
