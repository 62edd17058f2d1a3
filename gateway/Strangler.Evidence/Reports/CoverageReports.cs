namespace Strangler.Evidence.Reports;

/// <summary>Distinct keys.</summary>
/// <param name="Sampled">Keys that sampled requests named.</param>
/// <param name="Compared">Keys that had a verdict of any kind.</param>
/// <param name="Matched">Keys that matched at least once.</param>
/// <param name="Total">Keys that the projection has; null: not known.</param>
/// <param name="Unseen">
/// Keys of the projection that no sampled request named, as far as it is known which of the sampled ones exist; null:
/// not known.
/// </param>
/// <param name="Full">
/// More keys came than are told apart (<see cref="Bound"/>): these figures are then lower bounds.
/// </param>
/// <param name="Bound">The most keys that are told apart in a scope.</param>
/// <param name="Unproven">Keys that are compared again and again without a match.</param>
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
    /// <summary>Keys among the matched ones that had a document. The gate counts these.</summary>
    public long Existing { get; init; }

    /// <summary>Keys among the matched ones that neither side knows.</summary>
    public long Absent { get; init; }
}

/// <summary>Keys compared at least <paramref name="After"/> times without a match.</summary>
/// <param name="After">From how many comparisons on a key counts as unproven.</param>
/// <param name="Count">How many keys.</param>
/// <param name="Requests">Sampled requests that named them; a request that names two counts twice.</param>
/// <param name="Share">Those as a share of all sampled requests, at most 1.</param>
/// <param name="Keys">The first hundred, those that most requests name first.</param>
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
/// Distinct versions of keys that were compared, and how each ended: wrong once is wrong, else matched once is a match.
/// </summary>
/// <param name="Compared">All.</param>
/// <param name="Matched">Those that matched and were never wrong.</param>
/// <param name="Wrong">Those that were wrong at least once.</param>
/// <param name="Full">More came than are told apart: these figures are then lower bounds.</param>
/// <param name="Bound">The most versions that are told apart in a scope.</param>
public sealed record VersionsReport(long Compared, long Matched, long Wrong, bool Full, long Bound)
{
    /// <summary>
    /// Versions among the matched ones that had a document. The gate and the bound of the mismatch rate count these.
    /// </summary>
    public long Existing { get; init; }
}

/// <summary>How high the share of wrong versions may be, valid however often one looks.</summary>
/// <param name="Upper">The upper bound, from 0 to 1; 1 of nothing.</param>
/// <param name="Confidence">With what confidence.</param>
/// <param name="Wrong">Of so many wrong versions.</param>
/// <param name="Distinct">Among so many that ended as match or wrong.</param>
/// <param name="Method">The method's name.</param>
/// <param name="Citation">Where it comes from.</param>
public sealed record BoundReport(
    double Upper,
    double Confidence,
    long Wrong,
    long Distinct,
    string Method,
    string Citation
);
