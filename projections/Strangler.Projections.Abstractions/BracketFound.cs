using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>What was found of a bracket.</summary>
public abstract record BracketFound
{
    private BracketFound() { }

    /// <summary>The bracket has no result, for this reason.</summary>
    public sealed record Undetermined(UndeterminedReason Reason, string Detail) : BracketFound;

    /// <summary>The moments of each key.</summary>
    /// <param name="From">L0: the state of all commits before it is the first moment.</param>
    /// <param name="To">L1.</param>
    /// <param name="PassedAt">
    /// When the projections' watermark passed L1, by the projections' clock. From then on, a lookup would have had the
    /// answer.
    /// </param>
    /// <param name="Keys">The keys, in the question's order.</param>
    public sealed record Evaluated(Position From, Position To, DateTimeOffset PassedAt, IReadOnlyList<KeyMoments> Keys)
        : BracketFound;
}
