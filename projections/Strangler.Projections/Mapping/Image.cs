using Strangler.ChangeLog;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Mapping;

/// <summary>
/// A change of one row as mapping sees it: the links before and after, each null if no row existed then.
/// </summary>
internal sealed record Image(MirrorTable Table, string?[]? Before, string?[]? After, Position Commit);

/// <summary>Parts of the mapping that a test can switch off, to prove that its property test would notice.</summary>
internal sealed record MappingParts(bool OldImages = true, bool FurtherHops = true, bool MiddleMoves = true)
{
    public static readonly MappingParts All = new();
}
