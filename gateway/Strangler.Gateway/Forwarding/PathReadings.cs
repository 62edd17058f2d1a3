namespace Strangler.Gateway.Forwarding;

/// <summary>
/// What servers may make of a raw path: they decode it not at all, once or twice, take a backslash for a slash, drop
/// parameters of segments, merge slashes, and remove dot segments or not.
/// </summary>
internal static class PathReadings
{
    /// <summary>Whether a server might read it as another path than the plain one that stands there.</summary>
    public static bool AreMany(string raw) =>
        raw.AsSpan().ContainsAny('%', '\\', ';')
        || raw.Contains("//", StringComparison.Ordinal)
        || raw.Contains("/.", StringComparison.Ordinal);

    public static IReadOnlySet<string> Of(string raw)
    {
        var once = ServerPath.Decode(raw, keepSlash: false);
        HashSet<string> readings = [raw, once, ServerPath.Decode(once, keepSlash: false), ServerPath.Of(raw)];
        Add(path => path.Replace('\\', '/'));
        Add(WithoutParameters);
        Add(path => ServerPath.Decode(path, keepSlash: false)); // parameters may be dropped before decoding
        Add(ServerPath.WithoutDotSegments);
        Add(WithoutEmptySegments);
        Add(ServerPath.WithoutDotSegments);
        return readings;

        void Add(Func<string, string> read) => readings.UnionWith([.. readings.Select(read)]);
    }

    /// <summary>
    /// Whether dot segments might lead above the path's first slash. It is a bound: what a segment may hold by any
    /// reading counts as a step up, and what it surely holds as one step down.
    /// </summary>
    public static bool MayClimbOut(string raw)
    {
        if (!AreMany(raw)) return false;
        var depth = 0;
        foreach (var segment in raw.Split('/').Skip(1))
        {
            var decoded = ServerPath.Decode(ServerPath.Decode(segment, keepSlash: false), keepSlash: false);
            var loosest = WithoutParameters(decoded.Replace('\\', '/')).Split('/');
            var up = loosest.Count(part => part == "..");
            if (up > 0) depth -= up;
            else if (loosest.Any(part => part.Length > 0 && part != ".")) depth++;
            if (depth < 0) return true;
        }
        return false;
    }

    private static string WithoutParameters(string path) =>
        string.Join('/', path.Split('/').Select(segment => segment.Split(';')[0]));

    private static string WithoutEmptySegments(string path)
    {
        while (path.Contains("//", StringComparison.Ordinal)) path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }
}
