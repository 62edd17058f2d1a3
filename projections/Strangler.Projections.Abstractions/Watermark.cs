using Strangler.ChangeLog;

namespace Strangler.Projections;

/// <summary>How far a projection has applied its source.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Position">The position.</param>
/// <param name="At">The source's clock there: all that it committed before is in the documents.</param>
public sealed record Watermark(string Source, Position Position, DateTimeOffset At)
{
    /// <summary>
    /// The comparison with the source after which documents at the position may be served; null if unknown.
    /// </summary>
    public SourceVerification? Verification { get; init; }
}
