using System.Collections.Frozen;

namespace Strangler.Gateway.Http;

/// <summary>The names and values that HTTP allows for a header (RFC 9110, 5.1, 5.5, 5.6.2).</summary>
internal static class HeaderNames
{
    private const string Symbols = "!#$%&'*+-.^_`|~";

    /// <summary>Headers that a server writes itself, so an answer must not set them.</summary>
    public static readonly FrozenSet<string> OfTheServer = new[]
    {
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Keep-Alive",
        "Upgrade",
        "Trailer",
        "TE",
        "Proxy-Connection",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static bool IsName(string? name) =>
        name is { Length: > 0 }
        && name.All(letter => char.IsAsciiLetterOrDigit(letter) || Symbols.Contains(letter, StringComparison.Ordinal));

    public static bool IsValue(string? value) =>
        value is not null && value.All(letter => letter is '\t' or >= ' ' and < (char)0x7F);
}
