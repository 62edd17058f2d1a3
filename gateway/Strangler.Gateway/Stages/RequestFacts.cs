using System.Collections.ObjectModel;
using Microsoft.Extensions.Primitives;

namespace Strangler.Gateway.Stages;

/// <summary>The facts about a request on which a decision is based.</summary>
/// <param name="Method">As sent.</param>
/// <param name="Overrides">Values of the headers that ask a server to treat the request as another method.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="RouteValues">Values of the route's template, decoded.</param>
/// <param name="Query">Every parameter as often as sent, decoded.</param>
/// <param name="Body">The facts about the body.</param>
internal sealed record RequestFacts(
    string Method,
    IReadOnlyList<string> Overrides,
    string Target,
    IReadOnlyDictionary<string, string> RouteValues,
    IReadOnlyList<KeyValuePair<string, string>> Query,
    BodyFacts Body
)
{
    /// <summary>All headers, by name in any case.</summary>
    public IDictionary<string, StringValues> Headers { get; init; } = NoHeaders;

    /// <summary>What is known of an authenticated caller: types and values.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Claims { get; init; } = [];

    /// <summary>Whether the caller has shown a certificate.</summary>
    public bool HasCertificate { get; init; }

    /// <summary>Whether the request asks for another protocol or a tunnel.</summary>
    public bool IsUpgrade { get; init; }

    private static readonly IDictionary<string, StringValues> NoHeaders = ReadOnlyDictionary<
        string,
        StringValues
    >.Empty;
}
