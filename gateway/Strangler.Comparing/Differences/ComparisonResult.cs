using Strangler.Comparing.Json;

namespace Strangler.Comparing.Differences;

/// <summary>What comparing two answers found.</summary>
/// <param name="Differences">At most 200, security first, then status, headers and the body's in its order.</param>
/// <param name="Ignored">What rules let pass, by general path and rule.</param>
/// <param name="Truncated">Whether there were more differences than are kept.</param>
internal sealed record ComparisonResult(
    IReadOnlyList<Difference> Differences,
    IReadOnlyList<IgnoredDifference> Ignored,
    bool Truncated
)
{
    public static readonly ComparisonResult Same = new([], [], false);

    /// <summary>
    /// Why legacy's answer cannot be compared; null where it was. Then there may be differences of status and headers,
    /// but it is never equal.
    /// </summary>
    public UnreadableReason? Incomparable { get; init; }

    /// <summary>
    /// A sum over all differences with the whole values of both sides, also of those that are not kept; 0 where there
    /// is none. In memory only: it knows masked values.
    /// </summary>
    public ulong Fingerprint { get; init; }

    public bool Equal => Incomparable is null && Differences.Count == 0;

    /// <summary>
    /// Whether both hold the same differences: the same paths with the same values of both sides. Where the order of an
    /// array does not count, neither do its indices.
    /// </summary>
    public bool SameFault(ComparisonResult other) =>
        Incomparable == other.Incomparable
        && (
            Fingerprint != 0 || other.Fingerprint != 0
                ? Fingerprint == other.Fingerprint
                : Differences.ToHashSet().SetEquals(other.Differences) && Truncated == other.Truncated
        );
}
