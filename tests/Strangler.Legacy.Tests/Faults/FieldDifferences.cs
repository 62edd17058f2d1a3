using System.Text.Json.Nodes;

namespace Strangler.Legacy.Tests.Faults;

/// <summary>
/// Where two answers differ, as simply as possible: list entries are matched by their id, and paths don't name entries.
/// </summary>
internal static class FieldDifferences
{
    public static IEnumerable<string> Between(JsonNode? one, JsonNode? other, string path = "$") =>
        (one, other) switch
        {
            (JsonObject left, JsonObject right) => left.Select(member => member.Key)
                .Union(right.Select(member => member.Key))
                .SelectMany(name => Between(left[name], right[name], $"{path}.{name}")),
            (JsonArray left, JsonArray right) => Lines(left, right, path + "[*]"),
            _ => JsonNode.DeepEquals(one, other) ? [] : [path],
        };

    private static IEnumerable<string> Lines(JsonArray one, JsonArray other, string path)
    {
        var (left, right) = (one.ToDictionary(Id), other.ToDictionary(Id));
        return left
            .Keys.Union(right.Keys)
            .SelectMany(id =>
                left.TryGetValue(id, out var line) && right.TryGetValue(id, out var match)
                    ? Between(line, match, path)
                    : [path]
            );
    }

    private static string Id(JsonNode? line) => line!["id"]!.ToJsonString();
}
