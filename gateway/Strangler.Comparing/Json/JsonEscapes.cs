using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace Strangler.Comparing.Json;

/// <summary>
/// Escapes in JSON strings. Unescaped text is UTF-8, in which a lone surrogate, which JSON allows as an escape, is
/// encoded as the three bytes of its code point.
/// </summary>
internal static class JsonEscapes
{
    /// <param name="text">A string without its quotes, its syntax already validated.</param>
    /// <param name="target">At least as long as the text.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> target)
    {
        int from = 0,
            to = 0;
        while (from < text.Length)
        {
            if (text[from] != '\\')
            {
                var plain = text[from..].IndexOf((byte)'\\');
                if (plain < 0)
                    plain = text.Length - from;
                text.Slice(from, plain).CopyTo(target[to..]);
                from += plain;
                to += plain;
                continue;
            }
            var kind = text[from + 1];
            from += 2;
            if (kind != 'u')
            {
                target[to++] = kind switch
                {
                    (byte)'b' => 8,
                    (byte)'t' => 9,
                    (byte)'n' => 10,
                    (byte)'f' => 12,
                    (byte)'r' => 13,
                    _ => kind,
                };
                continue;
            }
            int unit = Unit(text, from);
            from += 4;
            if (
                unit is >= 0xd800 and < 0xdc00
                && from + 6 <= text.Length
                && text[from] == '\\'
                && text[from + 1] == 'u'
                && Unit(text, from + 2) is >= 0xdc00 and < 0xe000 and var low
            )
            {
                unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
                from += 6;
            }
            to += Encode(unit, target[to..]);
        }
        return to;
    }

    /// <summary>Unescaped text as a string; lone surrogates stay lone.</summary>
    public static string Decode(ReadOnlySpan<byte> unescaped)
    {
        if (System.Text.Unicode.Utf8.IsValid(unescaped))
            return Encoding.UTF8.GetString(unescaped);
        var text = new StringBuilder(unescaped.Length);
        while (!unescaped.IsEmpty)
        {
            if (unescaped.Length >= 3 && unescaped[0] == 0xed && unescaped[1] >= 0xa0)
            {
                text.Append((char)(0xd000 | ((unescaped[1] & 0x3f) << 6) | (unescaped[2] & 0x3f)));
                unescaped = unescaped[3..];
                continue;
            }
            Rune.DecodeFromUtf8(unescaped, out var rune, out var read);
            text.Append(rune.ToString());
            unescaped = unescaped[read..];
        }
        return text.ToString();
    }

    /// <summary>A quoted JSON string for any UTF-16 text, which can be stored anywhere.</summary>
    public static void AppendQuoted(StringBuilder target, string text)
    {
        target.Append('"');
        for (var at = 0; at < text.Length; at++)
        {
            var character = text[at];
            if (character is '"' or '\\')
                target.Append('\\').Append(character);
            else if (char.IsHighSurrogate(character) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]))
                target.Append(character).Append(text[++at]);
            else if (character < ' ' || char.IsSurrogate(character))
                target.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture));
            else
                target.Append(character);
        }
        target.Append('"');
    }

    private static int Unit(ReadOnlySpan<byte> text, int at) =>
        Utf8Parser.TryParse(text.Slice(at, 4), out int unit, out _, 'x') ? unit : 0xfffd;

    private static int Encode(int scalar, Span<byte> target)
    {
        switch (scalar)
        {
            case < 0x80:
                target[0] = (byte)scalar;
                return 1;
            case < 0x800:
                target[0] = (byte)(0xc0 | (scalar >> 6));
                target[1] = (byte)(0x80 | (scalar & 0x3f));
                return 2;
            case < 0x10000:
                target[0] = (byte)(0xe0 | (scalar >> 12));
                target[1] = (byte)(0x80 | ((scalar >> 6) & 0x3f));
                target[2] = (byte)(0x80 | (scalar & 0x3f));
                return 3;
            default:
                target[0] = (byte)(0xf0 | (scalar >> 18));
                target[1] = (byte)(0x80 | ((scalar >> 12) & 0x3f));
                target[2] = (byte)(0x80 | ((scalar >> 6) & 0x3f));
                target[3] = (byte)(0x80 | (scalar & 0x3f));
                return 4;
        }
    }
}
