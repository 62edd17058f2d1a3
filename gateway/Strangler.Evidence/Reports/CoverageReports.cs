namespace Strangler.Evidence.Reports;

/// <summary>Distinct keys.</summary>
/// <param name="Sampled">Keys that sampled requests named.</param>
/// <param name="Compared">Keys that had any verdict.</param>
/// <param name="Matched">Keys that matched at least once.</param>
/// <param name="Total">Keys that the projection has; null: unknown.</param>
/// <param name="Unseen">
/// Keys of the projection that no sampled request named, as far as it is known which of the sampled keys exist; null:
/// unknown.
/// </param>
/// <param name="Full">
/// More keys occurred than are distinguished (<see cref="Bound"/>): these figures are then lower bounds.
/// </param>
/// <param name="Bound">The most keys that a scope distinguishes.</param>
/// <param name="Unproven">Keys that are compared repeatedly without a match.</param>
public sealed record KeysReport(
    long Sampled,
    long Compared,
    long Matched,
    long? Total,
    long? Unseen,
    bool Full,
    long Bound,
    UnprovenReport Unproven
)
{
    /// <summary>Matched keys that had a document. The gate counts these.</summary>
    public long Existing { get; init; }

    /// <summary>Matched keys that neither side knows.</summary>
    public long Absent { get; init; }
}

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

/// <summary>A key without a match.</summary>
/// <param name="Key">In canonical text.</param>
/// <param name="Requests">Sampled requests that named it.</param>
/// <param name="Compared">How often it had a verdict.</param>
/// <param name="Last">The last verdict on it, with its reason: <c>undetermined: noise</c>.</param>
public sealed record UnprovenKey(string Key, long Requests, long Compared, string Last);

/// <summary>
/// Distinct versions of keys that were compared, and the result of each: wrong once is wrong, otherwise matched once is
/// a match.
/// </summary>
/// <param name="Compared">All.</param>
/// <param name="Matched">Those that matched and were never wrong.</param>
/// <param name="Wrong">Those that were wrong at least once.</param>
/// <param name="Full">More versions occurred than are distinguished: these figures are then lower bounds.</param>
/// <param name="Bound">The most versions that a scope distinguishes.</param>
public sealed record VersionsReport(long Compared, long Matched, long Wrong, bool Full, long Bound)
{
    /// <summary>
    /// Matched versions that had a document. The gate and the bound of the mismatch rate count these.
    /// </summary>
    public long Existing { get; init; }
}

/// <summary>How high the share of wrong versions may be, valid however often it is examined.</summary>
/// <param name="Upper">The upper bound, from 0 to 1; 1 if nothing was compared.</param>
/// <param name="Confidence">The confidence level.</param>
/// <param name="Wrong">The number of wrong versions.</param>
/// <param name="Distinct">The number of versions that ended as match or wrong.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Citation">Its source.</param>
public sealed record BoundReport(
    double Upper,
    double Confidence,
    long Wrong,
    long Distinct,
    string Method,
    string Citation
);
