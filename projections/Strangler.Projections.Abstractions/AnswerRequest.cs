using System.Text.Json;

namespace Strangler.Projections;

/// <summary>
/// What a route understood of a request. Only declared inputs stand here: a request with any other went to the call
/// graph.
/// </summary>
/// <param name="Method">In capitals: <c>GET</c>.</param>
/// <param name="RouteValues">Values of the route's template, decoded.</param>
/// <param name="Query">Declared query parameters that were given, each once.</param>
/// <param name="Body">The JSON body of a route that takes one; its members are declared.</param>
public sealed record AnswerRequest(
    string Method,
    IReadOnlyDictionary<string, string> RouteValues,
    IReadOnlyDictionary<string, string> Query,
    JsonElement? Body
);
