using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Strangler.Gateway.Configuration;

/// <summary>Where the requests of a route have their keys.</summary>
internal abstract partial record KeySource
{
    private KeySource() { }

    /// <summary>One key, from a value of the route's template: <c>{sku}</c>.</summary>
    public sealed record RouteValue(string Name) : KeySource;

    /// <summary>
    /// One key, from what the caller's credentials say of it: <c>claim:customer_id</c>. The caller names no key, so
    /// that nobody can ask for another's.
    /// </summary>
    public sealed record Claim(string Type) : KeySource;

    /// <summary>
    /// Keys from the JSON body: only RFC 9535's member names and the wildcard over an array (<c>$.sku</c>,
    /// <c>$.skus[*]</c>, <c>$.lines[*].sku</c>).
    /// </summary>
    /// <param name="Text">The path as written.</param>
    /// <param name="Steps">Each step's member, and whether it selects all elements of an array.</param>
    public sealed record JsonPath(string Text, IReadOnlyList<(string Member, bool Each)> Steps) : KeySource
    {
        /// <summary>The dotted paths of the members along it, as a route declares them.</summary>
        public IEnumerable<string> Members() =>
            Steps.Select((_, index) => string.Join('.', Steps.Take(index + 1).Select(step => step.Member)));

        /// <summary>
        /// Adds the texts of at most <paramref name="max"/> keys. False if the body doesn't fit the path: another kind
        /// of value, or no value for some element.
        /// </summary>
        public bool Collect(JsonElement? body, int max, List<string> keys) =>
            body is not { } root || Collect(root, 0, max, keys);

        private bool Collect(JsonElement value, int step, int max, List<string> keys)
        {
            if (keys.Count >= max)
                return true;
            if (step == Steps.Count)
            {
                if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
                    return false;
                keys.Add(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText());
                return true;
            }
            if (value.ValueKind != JsonValueKind.Object)
                return false;
            if (!value.TryGetProperty(Steps[step].Member, out var member))
                return step == 0;
            if (!Steps[step].Each)
                return Collect(member, step + 1, max, keys);
            if (member.ValueKind != JsonValueKind.Array)
                return false;
            foreach (var element in member.EnumerateArray())
            {
                if (!Collect(element, step + 1, max, keys))
                    return false;
            }
            return true;
        }
    }

    /// <summary>
    /// Reads <c>{name}</c>, <c>claim:type</c>, or a path that begins with <c>$.</c>; nothing else is valid.
    /// </summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out KeySource? source)
    {
        source = null;
        if (Template().Match(text) is { Success: true } template)
            source = new RouteValue(template.Groups[1].Value);
        else if (OfClaim().Match(text) is { Success: true } claim)
            source = new Claim(claim.Groups[1].Value);
        else if (Path().IsMatch(text))
        {
            source = new JsonPath(
                text,
                [
                    .. text[2..]
                        .Split('.')
                        .Select(step =>
                            step.EndsWith("[*]", StringComparison.Ordinal) ? (step[..^3], true) : (step, false)
                        ),
                ]
            );
        }
        return source is not null;
    }

    [GeneratedRegex(@"\A\{([A-Za-z_][A-Za-z0-9_]*)\}\z")]
    private static partial Regex Template();

    [GeneratedRegex(@"\Aclaim:(\S+)\z")]
    private static partial Regex OfClaim();

    [GeneratedRegex(@"\A\$(\.[A-Za-z_][A-Za-z0-9_-]*(\[\*\])?)+\z")]
    private static partial Regex Path();
}
