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

    /// <summary>How often sampled requests named a key. A request that names two counts twice.</summary>
    public long Named { get; init; }

    /// <summary>How often they named a key that has matched.</summary>
    public long Covered { get; init; }

    /// <summary>Keys that they named once.</summary>
    public long Once { get; init; }

    /// <summary>
    /// The upper bound, at 95 %, of the share of requests to come for keys that were never seen; 1 if nothing was
    /// sampled.
    /// </summary>
    public double UnseenMass { get; init; } = 1;
}
