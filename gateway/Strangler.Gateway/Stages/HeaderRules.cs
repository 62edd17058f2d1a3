using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Http;

namespace Strangler.Gateway.Stages;

/// <summary>
/// Which request headers the lookup may answer without knowing what they mean. A header that changes what a server
/// answers (content negotiation, conditions, ranges: RFC 9110, 12 to 14) has its default value, is declared, or is the
/// call graph's.
/// </summary>
internal static class HeaderRules
{
    private const string Json = "application/json";
    public const string IfNoneMatch = "If-None-Match";
    private const string IfModifiedSince = "If-Modified-Since";

    private static readonly FrozenDictionary<string, Func<string, bool>> Presets = new Dictionary<
        string,
        Func<string, bool>
    >
    {
        ["Accept"] = PrefersJson,
        ["Accept-Charset"] = value => Accepts(value, "utf-8"),
        ["Accept-Encoding"] = AcceptsIdentity,
        ["Accept-Language"] = value => value is "" or "*",
        ["Accept-Datetime"] = Never,
        ["A-IM"] = Never,
        ["If-Match"] = Never,
        [IfModifiedSince] = Never,
        [IfNoneMatch] = Never,
        ["If-Range"] = Never,
        ["If-Unmodified-Since"] = Never,
        ["Origin"] = Never,
        ["Prefer"] = Never,
        ["Range"] = Never,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Headers that change what servers answer.</summary>
    public static IEnumerable<string> Names => Presets.Keys;

    /// <summary>A header that only the call graph understands. Null if there is none.</summary>
    /// <param name="route">What the route says of headers.</param>
    /// <param name="headers">The request's headers.</param>
    /// <param name="understandsTags">
    /// Whether the conditions are understood by which a client asks for what has changed.
    /// </param>
    public static string? FindUndeclared(
        HeaderInputs route,
        IDictionary<string, StringValues> headers,
        bool understandsTags = false
    )
    {
        foreach (var (name, isPreset) in Presets)
        {
            if (
                headers.TryGetValue(name, out var values)
                && values.Count > 0
                && !(understandsTags && name is (IfNoneMatch or IfModifiedSince))
                && !route.Declared.Contains(name)
                && !route.Ignored.Contains(name)
                && !IsDefault(route, name, values, isPreset)
            )
                return name;
        }
        foreach (var name in route.Defaults.Keys.Where(name => !Presets.ContainsKey(name)))
        {
            if (headers.TryGetValue(name, out var values) && values.Count > 0 && !IsDefault(route, name, values, Never))
                return name;
        }
        return null;
    }

    /// <summary>Whether the caller identifies itself.</summary>
    public static bool HaveCredentials(IDictionary<string, StringValues> headers) =>
        headers.Any(header => header.Value.Count > 0 && CredentialHeaders.Find(header.Key) is not null);

    /// <summary>The declared headers that a request has.</summary>
    public static IReadOnlyDictionary<string, string> Declared(
        HeaderInputs route,
        IDictionary<string, StringValues> headers
    )
    {
        if (route.Declared.Count == 0)
            return FrozenDictionary<string, string>.Empty;
        var found = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in route.Declared)
        {
            if (headers.TryGetValue(name, out var values) && values.Count > 0)
                found[name] = Whole(values);
        }
        return found;
    }

    /// <summary>What the route says of a header's default counts in place of what is usual.</summary>
    private static bool IsDefault(HeaderInputs route, string name, StringValues values, Func<string, bool> isPreset)
    {
        var value = Whole(values);
        return route.Defaults.TryGetValue(name, out var defaults)
            ? defaults.Contains(value, StringComparer.Ordinal)
            : isPreset(value);
    }

    private static string Whole(StringValues values) =>
        values.Count == 1 ? (values[0] ?? "").Trim() : string.Join(", ", values.Select(value => (value ?? "").Trim()));

    private static bool Never(string value) => false;

    /// <summary>
    /// Whether plain JSON, or anything, is what the client wants most. A browser, which wants HTML most and takes
    /// anything, may get HTML from legacy; a type of a vendor, or one with a parameter, another version.
    /// </summary>
    private static bool PrefersJson(string value)
    {
        var elements = Elements(value).ToList();
        if (elements.Count == 0)
            return true;
        var top = elements.Max(element => element.Quality);
        var wanted = elements.Where(element => element.Quality == top).Select(element => element.Name).ToList();
        // of equal ones, most servers take the first, and some the most specific
        return top > 0 && (wanted[0] == Json || wanted.TrueForAll(IsJson));
    }

    private static bool IsJson(string range) => range is Json or "*/*" or "application/*";

    private static bool Accepts(string value, string wanted)
    {
        var (found, isEmpty) = (false, true);
        foreach (var (range, quality) in Elements(value))
        {
            isEmpty = false;
            found |= quality > 0 && (range == wanted || range == "*");
        }
        return found || isEmpty;
    }

    /// <summary>
    /// RFC 9110, 12.5.3: identity is acceptable unless it is excluded, by its name or by <c>*;q=0</c>.
    /// </summary>
    private static bool AcceptsIdentity(string value)
    {
        double? identity = null;
        double? any = null;
        foreach (var (coding, quality) in Elements(value))
        {
            if (coding == "identity")
                identity = quality;
            else if (coding == "*")
                any = quality;
        }
        return (identity ?? any ?? 1) > 0;
    }

    /// <summary>
    /// The elements of a list with their weights (RFC 9110, 12.4.2), in lower case. A parameter other than UTF-8
    /// belongs to the name.
    /// </summary>
    private static IEnumerable<(string Name, double Quality)> Elements(string value)
    {
        foreach (
            var element in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        )
        {
            var parts = element.Split(';', StringSplitOptions.TrimEntries);
            var quality = 1.0;
            foreach (var part in parts.Skip(1))
            {
                if (IsWeight(part))
                    // what isn't a weight excludes the element: the call graph knows better
                    quality = double.TryParse(
                        part.AsSpan(2),
                        System.Globalization.NumberStyles.AllowDecimalPoint,
                        System.Globalization.CultureInfo.InvariantCulture,
                        out var weight
                    )
                        ? weight
                        : 0;
            }
            var named = parts.Where((part, index) => index == 0 || !IsWeight(part) && !IsUtf8(part));
            yield return (string.Join(';', named).ToLowerInvariant(), quality);
        }
    }

    private static bool IsWeight(string parameter) => parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase);

    private static bool IsUtf8(string parameter) =>
        parameter.Equals("charset=utf-8", StringComparison.OrdinalIgnoreCase);
}
