using System.Buffers;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// What servers may make of a raw path: they decode it not at all, once or twice, take a backslash for a slash, drop
/// parameters of segments, end it at a fragment, a query or a control character, leave control characters out, merge
/// slashes, and remove dot segments or not.
/// </summary>
internal static class PathInterpretations
{
    private static readonly SearchValues<char> Odd = SearchValues.Create([
        .. "%\\;#?",
        .. Enumerable.Range(0, 0x80).Select(code => (char)code).Where(IsControl),
    ]);

    /// <summary>Whether a server might read it as another path than the plain one that stands there.</summary>
    public static bool AreMany(string raw) =>
        raw.AsSpan().ContainsAny(Odd)
        || raw.Contains("//", StringComparison.Ordinal)
        || raw.Contains("/.", StringComparison.Ordinal);

    public static IReadOnlySet<string> Of(string raw)
    {
        var once = ServerPath.Decode(raw, keepSlash: false);
        HashSet<string> readings = [raw, once, ServerPath.Decode(once, keepSlash: false), ServerPath.Of(raw)];
        Add(UpToItsEnd);
        Add(WithoutControls);
        Add(path => path.Replace('\\', '/'));
        Add(WithoutParameters);
        Add(path => ServerPath.Decode(path, keepSlash: false)); // parameters may be dropped before decoding
        Add(ServerPath.WithoutDotSegments);
        Add(WithoutEmptySegments);
        Add(ServerPath.WithoutDotSegments);
        return readings;

        void Add(Func<string, string> read) => readings.UnionWith([.. readings.Select(read)]);
    }

    /// <summary>Whether one of its segments might be read as a dot segment.</summary>
    public static bool MayHaveDotSegments(string raw) =>
        AreMany(raw) && raw.Split('/').Any(segment => Loosest(segment).Any(parts => parts.Any(IsDots)));

    /// <summary>
    /// Whether dot segments might lead above the path's first slash. It is a bound: what a segment may hold by any
    /// reading counts as a step up, and what it surely holds as one step down.
    /// </summary>
    public static bool MayClimbOut(string raw)
    {
        if (!AreMany(raw))
            return false;
        var depth = 0;
        foreach (var segment in raw.Split('/').Skip(1))
        {
            var readings = Loosest(segment).ToList();
            var up = readings.Max(parts => parts.Count(part => part == ".."));
            if (up > 0)
                depth -= up;
            else if (readings.All(parts => parts.Any(part => part.Length > 0 && part != ".")))
                depth++;
            if (depth < 0)
                return true;
        }
        return false;
    }

    /// <summary>The parts that a segment may have, where it is decoded as often as anybody does.</summary>
    private static IEnumerable<string[]> Loosest(string segment)
    {
        var decoded = ServerPath.Decode(ServerPath.Decode(segment, keepSlash: false), keepSlash: false);
        return new[] { decoded, UpToItsEnd(decoded), WithoutControls(decoded), UpToItsEnd(WithoutControls(decoded)) }
            .Distinct()
            .Select(text => WithoutParameters(text.Replace('\\', '/')).Split('/'));
    }

    private static bool IsControl(char letter) => letter is < ' ' or '\u007F';

    private static bool IsDots(string part) => part is "." or "..";

    private static string UpToItsEnd(string path)
    {
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] is '#' or '?' || IsControl(path[at]))
                return path[..at];
        }
        return path;
    }

    private static string WithoutControls(string path) =>
        path.Any(IsControl) ? string.Concat(path.Where(letter => !IsControl(letter))) : path;

    private static string WithoutParameters(string path) =>
        string.Join('/', path.Split('/').Select(segment => segment.Split(';')[0]));

    private static string WithoutEmptySegments(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }
}
