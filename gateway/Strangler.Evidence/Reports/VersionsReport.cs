namespace Strangler.Evidence.Reports;

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
