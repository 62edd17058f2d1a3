using System.Text;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Strangler.Gateway.Http;

/// <summary>
/// A route's path template, which determines the one canonical spelling of a path. Routing matches more than that:
/// another case of the literals, trailing slashes, dot segments, any percent-encoding. Only legacy knows how it
/// interprets these.
/// </summary>
internal sealed class PathTemplate
{
    private readonly IReadOnlyList<RoutePatternPathSegment>? _segments;
    private readonly bool _endsWithSlash;

    private PathTemplate(IReadOnlyList<RoutePatternPathSegment>? segments, bool endsWithSlash) =>
        (_segments, _endsWithSlash) = (segments, endsWithSlash);

    /// <summary>
    /// Reads a template. One with a fault, which YARP's own validation reports, has no canonical spelling.
    /// </summary>
    public static PathTemplate Parse(string template)
    {
        try
        {
            return new PathTemplate(
                RoutePatternFactory.Parse(template).PathSegments,
                template.Length > 1 && template.EndsWith('/')
            );
        }
        catch (RoutePatternException)
        {
            return new PathTemplate(null, false);
        }
    }

    /// <summary>
    /// Whether a path has the canonical spelling of these values, to the character, except for what is ignored.
    /// </summary>
    /// <param name="path">The path as it was sent, without the query.</param>
    /// <param name="values">Values of the template's parameters, decoded.</param>
    /// <param name="ignored">The forms that don't count. A value's spelling always does.</param>
    public bool IsSpelledBy(string path, IReadOnlyDictionary<string, string> values, PathForms ignored = PathForms.None)
    {
        List<(int Start, int End)>? literals = ignored.HasFlag(PathForms.Case) ? [] : null;
        if (Spell(values, literals) is not { } spelling)
            return false;
        if (ignored.HasFlag(PathForms.TrailingSlash))
            (spelling, path) = (WithoutSlash(spelling), WithoutSlash(path));
        return literals is null
            ? string.Equals(spelling, path, StringComparison.Ordinal)
            : IsLike(spelling, path, literals);
    }

    /// <summary>The canonical spelling. Null if none exists for these values.</summary>
    public string? Spell(IReadOnlyDictionary<string, string> values) => Spell(values, null);

    private string? Spell(IReadOnlyDictionary<string, string> values, List<(int Start, int End)>? literals)
    {
        if (_segments is null)
            return null;
        var path = new StringBuilder();
        foreach (var segment in _segments)
        {
            var before = path.Length;
            path.Append('/');
            for (var i = 0; i < segment.Parts.Count; i++)
            {
                // without the optional value after it, the dot is left out too
                if (segment.Parts[i] is RoutePatternSeparatorPart && !IsGiven(segment.Parts[i + 1], values))
                    break;
                var start = path.Length;
                if (!TryAppend(path, segment.Parts[i], values))
                    return null;
                if (segment.Parts[i] is RoutePatternLiteralPart)
                    literals?.Add((start, path.Length));
            }
            if (path.Length == before + 1)
                path.Length = before; // an optional value that was not given
        }
        if (path.Length == 0 || _endsWithSlash)
            path.Append('/');
        return path.ToString();
    }

    private static string WithoutSlash(string path) => path.Length > 1 && path[^1] == '/' ? path[..^1] : path;

    /// <summary>Literals are ASCII: other characters are encoded.</summary>
    private static bool IsLike(string spelling, string path, List<(int Start, int End)> literals)
    {
        if (spelling.Length != path.Length)
            return false;
        var at = 0;
        foreach (var (start, end) in literals)
        {
            if (
                !spelling.AsSpan(at..start).SequenceEqual(path.AsSpan(at..start))
                || !Ascii.EqualsIgnoreCase(spelling.AsSpan(start..end), path.AsSpan(start..end))
            )
                return false;
            at = end;
        }
        return spelling.AsSpan(at).SequenceEqual(path.AsSpan(at));
    }

    private static bool IsGiven(RoutePatternPart part, IReadOnlyDictionary<string, string> values) =>
        part is not RoutePatternParameterPart parameter || values.ContainsKey(parameter.Name);

    private static bool TryAppend(StringBuilder path, RoutePatternPart part, IReadOnlyDictionary<string, string> values)
    {
        switch (part)
        {
            case RoutePatternLiteralPart literal:
                UrlSpelling.AppendLiteral(path, literal.Content);
                return true;
            case RoutePatternSeparatorPart separator:
                UrlSpelling.AppendLiteral(path, separator.Content);
                return true;
            case RoutePatternParameterPart { IsCatchAll: true } all when values.TryGetValue(all.Name, out var several):
                var pieces = several.Split('/');
                for (var i = 0; i < pieces.Length; i++)
                {
                    if (i > 0)
                        path.Append('/');
                    if (!UrlSpelling.TryAppendValue(path, pieces[i]))
                        return false;
                }
                return true;
            case RoutePatternParameterPart parameter when values.TryGetValue(parameter.Name, out var value):
                return UrlSpelling.TryAppendValue(path, value);
            case RoutePatternParameterPart { IsOptional: true } or RoutePatternParameterPart { IsCatchAll: true }:
                return true;
            default:
                return false;
        }
    }
}
