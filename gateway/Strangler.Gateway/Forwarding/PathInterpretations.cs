using System.Buffers;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// The ways in which servers may interpret a raw path. They decode it once, twice or not at all, treat a backslash as a
/// slash, drop parameters of segments, end it at a fragment, a query or a control character, skip control characters,
/// merge slashes, and remove dot segments or keep them.
/// </summary>
internal static class PathInterpretations
{
    private static readonly SearchValues<char> Odd = SearchValues.Create([
        .. "%\\;#?",
        .. Enumerable.Range(0, 0x80).Select(code => (char)code).Where(IsControl),
    ]);

    /// <summary>Whether a server might interpret it as a path other than its literal text.</summary>
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
        Add(path => ServerPath.Decode(path, keepSlash: false)); // a server may drop parameters before decoding
        Add(ServerPath.WithoutDotSegments);
        Add(WithoutEmptySegments);
        Add(ServerPath.WithoutDotSegments);
        return readings;

        void Add(Func<string, string> read) => readings.UnionWith([.. readings.Select(read)]);
    }

    /// <summary>Whether one of its segments might be interpreted as a dot segment.</summary>
    public static bool MayHaveDotSegments(string raw) =>
        AreMany(raw) && raw.Split('/').Any(segment => Loosest(segment).Any(parts => parts.Any(IsDots)));

    /// <summary>
    /// Whether dot segments might lead above the path's first slash. This is a bound: a step up counts if any
    /// interpretation of a segment has it, and a step down only if every interpretation has one.
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

    /// <summary>The parts that a segment may have, decoded as often as any server does.</summary>
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
