using System.Text.Json;

namespace Strangler.EndToEnd.Tests.Soak;

/// <summary>Comparison results of a route.</summary>
/// <param name="Match">Equal answers.</param>
/// <param name="Wrong">Proven to differ, which never happens here.</param>
/// <param name="Example">One of the wrong ones; empty: none exists.</param>
internal sealed record Verdicts(long Match, long Wrong, string Example)
{
    /// <param name="report">The output of <c>strangler report ROUTE --json</c>.</param>
    public static Verdicts Of(string report)
    {
        using var json = JsonDocument.Parse(report);
        var route = json.RootElement.GetProperty("routes")[0];
        var verdicts = route.GetProperty("verdicts");
        return new(
            verdicts.GetProperty("matchQuiet").GetInt64() + verdicts.GetProperty("matchWithCommit").GetInt64(),
            verdicts.GetProperty("wrong").GetInt64(),
            string.Concat(route.GetProperty("examples").EnumerateArray().Take(1).Select(Text))
        );
    }

    private static string Text(JsonElement example)
    {
        var differences = example
            .GetProperty("differences")
            .EnumerateArray()
            .Select(difference =>
                $"{difference.GetProperty("path")}: legacy {difference.GetProperty("legacy")}, lookup "
                + $"{difference.GetProperty("lookup")}"
            );
        return $"{example.GetProperty("request")} at {example.GetProperty("at")}, {string.Join("; ", differences)}";
    }
}
