using System.Buffers;
using System.Globalization;
using System.Text;

namespace Strangler.Gateway.Http;

/// <summary>
/// The spelling of texts in a URL: RFC 3986's percent-encoding of UTF-8, with capital hexadecimal digits, of exactly
/// the characters that require it.
/// </summary>
internal static class UrlSpelling
{
    private const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

    /// <summary>RFC 3986's pchar: the characters that a template's literals have unescaped.</summary>
    private static readonly SearchValues<char> Literal = SearchValues.Create(Unreserved + "!$&'()*,=:@+;");

    /// <summary>
    /// The same without characters that some servers interpret: '+' as a space, ';' as the start of path parameters.
    /// </summary>
    private static readonly SearchValues<char> Value = SearchValues.Create(Unreserved + "!$&'()*,=:@");

    /// <summary>In a query, '=' and '&amp;' are separators, but '/' and '?' aren't.</summary>
    private static readonly SearchValues<char> QueryValue = SearchValues.Create(Unreserved + "!$'()*,:@/?");

    public static void AppendLiteral(StringBuilder path, string text)
    {
        foreach (var rune in text.EnumerateRunes())
            Append(path, rune, Literal);
    }

    /// <summary>Adds a segment's value. False if it has no spelling that every server reads in the same way.</summary>
    public static bool TryAppendValue(StringBuilder path, string value)
    {
        if (!IsUnmistakable(value))
            return false;
        foreach (var rune in value.EnumerateRunes())
            Append(path, rune, Value);
        return true;
    }

    /// <summary>
    /// Whether a query is a list of <c>name=value</c>, with each name spelled as declared or in its encoded form, and
    /// each value such that every server decodes it to the same text.
    /// </summary>
    /// <param name="query">As it was sent, without the question mark. Null if there was none.</param>
    /// <param name="declared">Names of parameters.</param>
    public static bool IsPlainQuery(string? query, IReadOnlySet<string> declared)
    {
        if (query is null)
            return true;
        foreach (var pair in query.Split('&'))
        {
            var at = pair.IndexOf('=', StringComparison.Ordinal);
            if (at < 0 || !IsName(pair[..at], declared) || !IsPlainValue(pair.AsSpan(at + 1)))
                return false;
        }
        return true;
    }

    /// <summary>
    /// Slashes and backslashes end a segment, dots refer to another one, servers trim spaces, and some servers decode
    /// twice if the result still looks encoded.
    /// </summary>
    private static bool IsUnmistakable(string value)
    {
        if (value is "" or "." or ".." || char.IsWhiteSpace(value[0]) || char.IsWhiteSpace(value[^1]))
            return false;
        for (var i = 0; i < value.Length; i++)
        {
            if (value[i] is '/' or '\\' || char.IsControl(value[i]))
                return false;
            if (
                value[i] == '%'
                && i + 2 < value.Length
                && char.IsAsciiHexDigit(value[i + 1])
                && char.IsAsciiHexDigit(value[i + 2])
            )
                return false;
            if (!char.IsSurrogate(value[i]))
                continue;
            if (i + 1 == value.Length || !char.IsSurrogatePair(value[i], value[i + 1]))
                return false;
            i++;
        }
        return true;
    }

    private static bool IsName(string name, IReadOnlySet<string> declared)
    {
        if (declared.Contains(name) && name.AsSpan().IndexOfAny('%', '+') < 0)
            return true;
        foreach (var one in declared)
        {
            var spelling = new StringBuilder();
            foreach (var rune in one.EnumerateRunes())
                Append(spelling, rune, QueryValue);
            if (spelling.Equals(name))
                return true;
        }
        return false;
    }

    private static bool IsPlainValue(ReadOnlySpan<char> value)
    {
        var bytes = new byte[value.Length];
        var count = 0;
        for (var i = 0; i < value.Length; i++)
        {
            if (QueryValue.Contains(value[i]))
                bytes[count++] = (byte)value[i];
            else if (
                value[i] == '%'
                && i + 2 < value.Length
                && byte.TryParse(
                    value.Slice(i + 1, 2),
                    NumberStyles.AllowHexSpecifier,
                    CultureInfo.InvariantCulture,
                    out var one
                )
            )
            {
                if (one is < 0x20 or 0x7F)
                    return false;
                bytes[count++] = one;
                i += 2;
            }
            else
                return false;
        }
        return System.Text.Unicode.Utf8.IsValid(bytes.AsSpan(0, count));
    }

    private static void Append(StringBuilder text, Rune rune, SearchValues<char> bare)
    {
        if (rune.IsAscii && bare.Contains((char)rune.Value))
        {
            text.Append((char)rune.Value);
            return;
        }
        Span<byte> bytes = stackalloc byte[4];
        var count = rune.EncodeToUtf8(bytes);
        foreach (var one in bytes[..count])
            text.Append('%').Append(one.ToString("X2", CultureInfo.InvariantCulture));
    }
}
