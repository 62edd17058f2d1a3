using Strangler.Comparing.Json;

namespace Strangler.Comparing.Differences;

/// <summary>What comparing two answers found.</summary>
/// <param name="Differences">
/// At most 200: security first, then status, headers, and the body's in document order.
/// </param>
/// <param name="Ignored">What rules ignored, by general path and rule.</param>
/// <param name="Truncated">Whether more differences exist than are kept.</param>
internal sealed record ComparisonResult(
    IReadOnlyList<Difference> Differences,
    IReadOnlyList<IgnoredDifference> Ignored,
    bool Truncated
)
{
    public static readonly ComparisonResult Same = new([], [], false);

    /// <summary>
    /// Why legacy's answer can't be compared; null if it was compared. Otherwise status and headers may still differ,
    /// but the answers never count as equal.
    /// </summary>
    public UnreadableReason? Incomparable { get; init; }

    /// <summary>
    /// A sum over all differences with the complete values of both sides, including differences that aren't kept; 0
    /// without differences. In memory only, because it depends on masked values.
    /// </summary>
    public ulong Fingerprint { get; init; }

    public bool Equal => Incomparable is null && Differences.Count == 0;

    /// <summary>
    /// Whether both have the same differences: the same paths with the same values on both sides. If the order of an
    /// array doesn't count, its indices don't either.
    /// </summary>
    public bool SameFault(ComparisonResult other) =>
        Incomparable == other.Incomparable
        && (
            Fingerprint != 0 || other.Fingerprint != 0
                ? Fingerprint == other.Fingerprint
                : Differences.ToHashSet().SetEquals(other.Differences) && Truncated == other.Truncated
        );
}
