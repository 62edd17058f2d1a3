using Strangler.ChangeLog;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>What is stored for a key.</summary>
/// <param name="Found"><c>document</c>, <c>absent</c> or <c>miss</c>.</param>
/// <param name="Reason">Why it is a miss.</param>
/// <param name="Touched">The last commit that mapped to the key.</param>
/// <param name="RecomputeAt">When the document becomes invalid by itself.</param>
/// <param name="Watermark">How far the projection is. Null if it hasn't been built.</param>
/// <param name="Document">The document's text, as it is sent.</param>
public sealed record DocumentReport(
    string Projection,
    string Version,
    string Key,
    string Found,
    string? Reason,
    Position? Touched,
    DateTimeOffset? RecomputeAt,
    Watermark? Watermark,
    string? Document
)
{
    /// <summary>Why the projection asks legacy for the key; null: it doesn't.</summary>
    public string? LegacyReason { get; init; }
}
