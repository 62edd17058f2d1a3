using Strangler.Gateway.Http;
using Strangler.Projections;

namespace Strangler.Gateway.Configuration;

/// <summary>How the lookup answers a route.</summary>
/// <param name="Responder">The projection's part that runs here.</param>
/// <param name="Key">Where its requests have their keys.</param>
/// <param name="Methods">Methods that it answers, in capitals.</param>
/// <param name="Query">Declared query parameters.</param>
/// <param name="Body">Declared members of the body. Empty if the route takes none.</param>
/// <param name="MaxStaleness">The maximum age of the watermark.</param>
/// <param name="MaxKeys">The maximum number of keys of a request.</param>
/// <param name="MaxBodyBytes">The maximum number of bytes of a body that are read.</param>
/// <param name="LookupTimeout">How long the store may take.</param>
/// <param name="RespondLimit">How long Respond may take.</param>
internal sealed record RouteLookupModel(
    IResponder Responder,
    KeySource Key,
    IReadOnlySet<string> Methods,
    IReadOnlySet<string> Query,
    IReadOnlySet<string> Body,
    TimeSpan MaxStaleness,
    int MaxKeys,
    int MaxBodyBytes,
    TimeSpan LookupTimeout,
    TimeSpan RespondLimit
)
{
    /// <summary>Constant headers of its answers, unless Respond sets a header of that name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> AnswerHeaders { get; init; } = [];

    /// <summary>Whether each of its answers has an <c>ETag</c>, and <c>If-None-Match</c> is answered.</summary>
    public bool HasTags { get; init; }

    /// <summary>Whether answers are compressed for clients that take that.</summary>
    public bool Compresses { get; init; }

    /// <summary>Forms of the path on which legacy's answer doesn't depend.</summary>
    public PathForms IgnoredForms { get; init; }

    /// <summary>What is promised about the age of its answers.</summary>
    public FreshnessModel Freshness { get; init; } = FreshnessModel.Default;

    /// <summary>The request headers on which its answers depend, and those on which they don't.</summary>
    public HeaderInputs Headers { get; init; } = HeaderInputs.None;
}
