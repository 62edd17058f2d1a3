namespace Strangler.Projections;

/// <summary>What a look-up found.</summary>
/// <param name="Found">A finding for each asked key, in that order.</param>
/// <param name="Watermark">Null if nothing has been applied yet; every finding is then a miss.</param>
public sealed record Lookup(IReadOnlyList<Found> Found, Watermark? Watermark)
{
    /// <summary>The projections' clock at that instant, by which documents become due; null if unknown.</summary>
    public DateTimeOffset? Clock { get; init; }
}
