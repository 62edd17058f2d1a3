using Strangler.Projections;

namespace Strangler.Gateway.Comparing;

/// <summary>Compares Content-Type by media type and charset, and the headers that the rules name by their values.</summary>
internal static class HeaderComparing
{
    private const string ContentType = "Content-Type";

    public static void Compare(Answer legacy, Answer lookup, ComparisonRules rules, FoundDifferences found)
    {
        string left = MediaType.Of(legacy).Compared, right = MediaType.Of(lookup).Compared;
        if (left != right) Add(ContentType, left.Length == 0 ? null : left, right.Length == 0 ? null : right, found);
        foreach (var name in rules.Headers.Distinct(StringComparer.OrdinalIgnoreCase))
        {
            if (name.Equals(ContentType, StringComparison.OrdinalIgnoreCase)) continue;
            string? one = Value(legacy, name), two = Value(lookup, name);
            if (one != two) Add(name, one, two, found);
        }
    }

    private static void Add(string name, string? legacy, string? lookup, FoundDifferences found) => found.Add(DifferenceKind.Header, $"header:{name.ToLowerInvariant()}", legacy, lookup);

    /// <summary>Several lines of one header are one list (RFC 9110, section 5.2).</summary>
    private static string? Value(Answer answer, string name)
    {
        string? all = null;
        foreach (var (header, value) in answer.Headers)
        {
            if (header.Equals(name, StringComparison.OrdinalIgnoreCase)) all = all is null ? value.Trim() : $"{all}, {value.Trim()}";
        }
        return all;
    }
}
