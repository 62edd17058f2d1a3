using System.Globalization;
using System.Text;
using System.Text.Json;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Paths;
using Strangler.Projections;

namespace Strangler.Gateway.Reporting;

/// <summary>Finds the values at a difference's path in an answer.</summary>
internal static class JsonPathFinder
{
    private const int MaxFound = 1_000;
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    /// <summary>
    /// The JSON texts of the values that the path selects: one, none, or several if it has wildcards.
    /// </summary>
    /// <param name="answer">The answer.</param>
    /// <param name="path">As in <see cref="Difference"/>.</param>
    public static IReadOnlyList<string> Find(Answer answer, string path)
    {
        if (path == "status")
            return [answer.Status.ToString(CultureInfo.InvariantCulture)];
        if (path.StartsWith("header:", StringComparison.Ordinal))
            return
            [
                .. answer
                    .Headers.Where(header =>
                        header.Key.Equals(path["header:".Length..], StringComparison.OrdinalIgnoreCase)
                    )
                    .Select(header => header.Value),
            ];
        if (path == "body")
            return [Encoding.UTF8.GetString(answer.Body.Span)];
        var parsing = new PathParser(path);
        if (parsing.Read() is not { } segments)
            return [];
        try
        {
            using var document = JsonDocument.Parse(answer.Body, Options);
            var found = new List<string>();
            Collect(document.RootElement, segments, 0, found);
            return found;
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private static void Collect(JsonElement value, List<PathSegment> segments, int at, List<string> found)
    {
        if (found.Count >= MaxFound)
            return;
        if (at == segments.Count)
        {
            found.Add(value.GetRawText());
            return;
        }
        var segment = segments[at];
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (
                var member in value
                    .EnumerateObject()
                    .Where(member => segment.IsWildcard || member.NameEquals(segment.Name))
            )
                Collect(member.Value, segments, at + 1, found);
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            foreach (
                var (index, element) in value
                    .EnumerateArray()
                    .Index()
                    .Where(element => segment.IsWildcard || element.Index == segment.Index)
            )
                Collect(element, segments, at + 1, found);
        }
    }
}
