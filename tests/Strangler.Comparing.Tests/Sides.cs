using System.Text;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Tests;

/// <summary>Shortcuts for answers and rules.</summary>
internal static class Sides
{
    public static Answer Json(string body, int status = 200) => Answer.Json(status, Encoding.UTF8.GetBytes(body));

    public static Answer Other(string type, byte[] body, params (string Name, string Value)[] headers) =>
        new(
            200,
            [
                new("Content-Type", type),
                .. headers.Select(header => new KeyValuePair<string, string>(header.Name, header.Value)),
            ],
            body
        );

    public static PathPattern[] Paths(params string[] paths) => [.. paths.Select(PathPattern.Parse)];

    public static ComparisonResult Compare(string legacy, string lookup, ComparisonRules? rules = null) =>
        Comparer.Compare(Json(legacy), Json(lookup), rules ?? ComparisonRules.Exact);

    /// <summary>Kind and path of each difference.</summary>
    public static string[] Found(string legacy, string lookup, ComparisonRules? rules = null) =>
        [.. Compare(legacy, lookup, rules).Differences.Select(difference => $"{difference.Kind} {difference.Path}")];

    /// <summary>General path, rule and count of what was ignored.</summary>
    public static string[] Ignored(this ComparisonResult compared) =>
        [.. compared.Ignored.Select(at => $"{at.General} {at.Rule} {at.Count}")];
}
