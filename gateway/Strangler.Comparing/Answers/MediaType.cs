using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>
/// The content of Content-Type (RFC 9110, section 8.3): the type in lower case, and the charset if given.
/// </summary>
internal readonly record struct MediaType(string Type, string? Charset)
{
    public bool IsNone => Type.Length == 0;

    /// <summary><c>application/json</c>, and every type with the suffix <c>+json</c> (RFC 6839).</summary>
    public bool IsJson => Type is "application/json" or "text/json" || Type.EndsWith("+json", StringComparison.Ordinal);

    /// <summary>
    /// As compared: JSON without a charset is UTF-8 (RFC 8259, section 8.1); other parameters don't count.
    /// </summary>
    public string Compared => EffectiveCharset is { } charset ? $"{Type}; charset={charset}" : Type;

    private string? EffectiveCharset => Charset ?? (IsJson ? "utf-8" : null);

    public static MediaType Of(Answer answer)
    {
        foreach (var (name, value) in answer.Headers)
        {
            if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
                return Parse(value);
        }
        return new MediaType("", null);
    }

    private static MediaType Parse(string text)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries);
        string? charset = null;
        foreach (var part in parts.Skip(1))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0 && part.AsSpan(0, equals).Trim().Equals("charset", StringComparison.OrdinalIgnoreCase))
                charset ??= part[(equals + 1)..].Trim(' ', '\t', '"').ToLowerInvariant();
        }
        return new MediaType(parts[0].ToLowerInvariant(), charset is "utf8" ? "utf-8" : charset);
    }
}
