using Strangler.ChangeLog;
using Strangler.Projections.Mirror;

namespace Strangler.Projections.Moments;

/// <summary>A version that holds at some moment of a bracket.</summary>
/// <param name="Version">The version.</param>
/// <param name="To">Where it ended; null if it still holds.</param>
internal sealed record BracketVersion(RowVersion Version, Position? To)
{
    /// <summary>Whether it holds at the end of a transaction.</summary>
    public bool HoldsAt(Position end) => Version.From <= end && !(To <= end);
}
