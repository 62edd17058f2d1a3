using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Template;
using Microsoft.AspNetCore.WebUtilities;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Reporting;

/// <summary>
/// Rebuilds the request of an example, as Respond would see it, from its request line and key. Only the key of a body
/// is known.
/// </summary>
internal static class ExampleRequestBuilder
{
    /// <summary>Null if the line doesn't belong to the route.</summary>
    public static AnswerRequest? Of(string line, string key, string template, RouteLookupModel lookup)
    {
        if (line.Split(' ', 2) is not [var method, var target])
            return null;
        var parts = target.Split('?', 2);
        var values = new RouteValueDictionary();
        if (
            !parts[0].StartsWith('/')
            || !new TemplateMatcher(TemplateParser.Parse(template), []).TryMatch(
                PathString.FromUriComponent(parts[0]),
                values
            )
        )
            return null;
        var query = QueryHelpers
            .ParseQuery(parts.Length == 2 ? parts[1] : "")
            .Where(parameter => lookup.Query.Contains(parameter.Key))
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString(), StringComparer.Ordinal);
        return new AnswerRequest(
            method.ToUpperInvariant(),
            values
                .Where(value => value.Value is not null)
                .ToDictionary(value => value.Key, value => value.Value!.ToString()!, StringComparer.OrdinalIgnoreCase),
            query,
            lookup.Key is KeySource.JsonPath path ? Body(path, key) : null
        );
    }

    private static JsonElement Body(KeySource.JsonPath path, string key)
    {
        JsonNode node = JsonValue.Create(key);
        foreach (var (member, each) in path.Steps.Reverse())
            node = new JsonObject { [member] = each ? new JsonArray(node) : node };
        return JsonSerializer.SerializeToElement(node);
    }
}
