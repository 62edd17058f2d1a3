namespace Strangler.Projections.Mapping;

/// <summary>Parts of the mapping that a test can switch off, to prove that its property test would notice.</summary>
internal sealed record MappingParts(bool OldImages = true, bool FurtherHops = true, bool MiddleMoves = true)
{
    public static readonly MappingParts All = new();
}
