using Strangler.Comparing.Answers;
using Strangler.Comparing.Rules;
using Strangler.Projections;

namespace Strangler.Comparing.Differences;

/// <summary>
/// Compares Content-Type by media type and charset, and the headers that the rules name by value. Other headers don't
/// affect the verdict; their differences are listed.
/// </summary>
internal static class HeaderComparer
{
    private const string ContentType = "Content-Type";
    private const int MaxListed = 64;

    public static void Compare(Answer legacy, Answer lookup, ComparisonRules rules, FoundDifferences found)
    {
        string left = MediaType.Of(legacy).Compared,
            right = MediaType.Of(lookup).Compared;
        if (left != right)
            Add(ContentType, left.Length == 0 ? null : left, right.Length == 0 ? null : right, found);
        foreach (var name in rules.Headers.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (name.Equals(ContentType, StringComparison.OrdinalIgnoreCase))
                continue;
            string? one = Value(legacy, name),
                two = Value(lookup, name);
            if (one != two)
                Add(name, one, two, found);
        }
    }

    /// <summary>
    /// How two answers with one status differ in headers that no rule compares or ignores, by name; at most 64.
    /// </summary>
    public static IReadOnlyList<HeaderDifference> List(Answer legacy, Answer lookup, ComparisonRules rules)
    {
        var found = new List<HeaderDifference>();
        foreach (
            var name in legacy
                .Headers.Concat(lookup.Headers)
                .Select(header => header.Key.ToLowerInvariant())
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        )
        {
            if (
                AnswerHeaderNames.Ignores(name)
                || name.Equals(ContentType, StringComparison.OrdinalIgnoreCase)
                || Names(rules.Headers)
                || Names(rules.IgnoreHeaders)
            )
                continue;
            string? one = Value(legacy, name),
                two = Value(lookup, name);
            if (one == two)
                continue;
            found.Add(
                new HeaderDifference(
                    name,
                    two is null ? HeaderDifferenceKind.Missing
                        : one is null ? HeaderDifferenceKind.Extra
                        : HeaderDifferenceKind.Value
                )
            );
            if (found.Count == MaxListed)
                break;

            bool Names(IReadOnlyList<string> headers) => headers.Contains(name, StringComparer.OrdinalIgnoreCase);
        }
        return found;
    }

    private static void Add(string name, string? legacy, string? lookup, FoundDifferences found) =>
        found.Add(DifferenceKind.Header, $"header:{name.ToLowerInvariant()}", legacy, lookup);

    /// <summary>Several lines of one header are one list (RFC 9110, section 5.2).</summary>
    private static string? Value(Answer answer, string name)
    {
        string? all = null;
        foreach (var (header, value) in answer.Headers)
        {
            if (header.Equals(name, StringComparison.OrdinalIgnoreCase))
                all = all is null ? value.Trim() : $"{all}, {value.Trim()}";
        }
        return all;
    }
}
