using System.Collections.ObjectModel;
using System.Text.Json;

namespace Strangler.Projections;

/// <summary>
/// What a route read from a request. It contains declared inputs only: a request with any other went to the call graph.
/// </summary>
/// <param name="Method">The HTTP method in upper case: <c>GET</c>.</param>
/// <param name="RouteValues">Values of the route's template, decoded.</param>
/// <param name="Query">The declared query parameters that the request has, each once.</param>
/// <param name="Body">The JSON body of a route that takes one; its members are declared.</param>
public sealed record AnswerRequest(
    string Method,
    IReadOnlyDictionary<string, string> RouteValues,
    IReadOnlyDictionary<string, string> Query,
    JsonElement? Body
)
{
    /// <summary>
    /// The declared headers that the request has, by name in any case. Several lines of one name are one text,
    /// separated by commas (RFC 9110, 5.3).
    /// </summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
