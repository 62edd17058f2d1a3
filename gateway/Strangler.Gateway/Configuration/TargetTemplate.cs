using System.Text.RegularExpressions;

namespace Strangler.Gateway.Configuration;

/// <summary>A target with values of a route's template in it, such as <c>/access?sku={sku}</c>.</summary>
/// <param name="Text">As the user wrote it.</param>
internal sealed partial record TargetTemplate(string Text)
{
    /// <summary>The names in braces.</summary>
    public IReadOnlyList<string> Names { get; } = [.. Braces().Matches(Text).Select(found => found.Groups[1].Value)];

    /// <summary>Whether it is a path, perhaps with a query, that can be written into a request line.</summary>
    public bool IsTarget =>
        Text.StartsWith('/')
        && !Text.StartsWith("//", StringComparison.Ordinal)
        && Braces()
            .Replace(Text, "")
            .All(letter => letter is > ' ' and < (char)0x7F and not ('{' or '}' or '#' or '\\'));

    /// <summary>
    /// The target with the request's values, each encoded as a whole. Null if one is missing, or is a step in a path,
    /// which would lead to another target.
    /// </summary>
    public string? Fill(IReadOnlyDictionary<string, string> values)
    {
        foreach (var name in Names)
        {
            if (!values.TryGetValue(name, out var value) || value is "" or "." or "..")
                return null;
        }
        return Braces().Replace(Text, found => Uri.EscapeDataString(values[found.Groups[1].Value]));
    }

    [GeneratedRegex(@"\{([A-Za-z_][A-Za-z0-9_]*)\}")]
    private static partial Regex Braces();
}
