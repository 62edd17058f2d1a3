using System.Text;

namespace Strangler.Comparing.Answers;

/// <summary>Converts bodies in known charsets to UTF-8.</summary>
internal static class BodyText
{
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>
    /// The body in UTF-8 without a byte order mark; null where the charset is unknown or the bytes aren't valid in it.
    /// </summary>
    /// <param name="body">Without content codings.</param>
    /// <param name="charset">
    /// The charset from Content-Type. Without one, a byte order mark decides; without both it is UTF-8.
    /// </param>
    public static ReadOnlyMemory<byte>? ToUtf8(ReadOnlyMemory<byte> body, string? charset)
    {
        var span = body.Span;
        if (span.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) && charset is null or "utf-8")
            return body[3..];
        var bigEndian = span.StartsWith((ReadOnlySpan<byte>)[0xfe, 0xff]);
        var littleEndian = span.StartsWith((ReadOnlySpan<byte>)[0xff, 0xfe]);
        switch (charset)
        {
            case null when !bigEndian && !littleEndian:
            case "utf-8" or "us-ascii" or "ascii":
                return body;
            case null or "utf-16":
                // RFC 2781, section 4.3: without a mark it is big-endian
                return Transcode(
                    new UnicodeEncoding(!littleEndian, false, true),
                    bigEndian || littleEndian ? span[2..] : span
                );
            case "utf-16le":
                return Transcode(new UnicodeEncoding(false, false, true), littleEndian ? span[2..] : span);
            case "utf-16be":
                return Transcode(new UnicodeEncoding(true, false, true), bigEndian ? span[2..] : span);
            case "iso-8859-1" or "latin1":
                return Transcode(Encoding.Latin1, span);
            default:
                return null;
        }
    }

    /// <summary>With every line ending turned into a line feed.</summary>
    public static byte[] WithEqualLines(ReadOnlySpan<byte> utf8)
    {
        var lines = new byte[utf8.Length];
        var length = 0;
        for (var at = 0; at < utf8.Length; at++)
        {
            if (utf8[at] == '\r' && at + 1 < utf8.Length && utf8[at + 1] == '\n')
                continue;
            lines[length++] = utf8[at] == '\r' ? (byte)'\n' : utf8[at];
        }
        return lines[..length];
    }

    private static ReadOnlyMemory<byte>? Transcode(Encoding encoding, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Strict.GetBytes(encoding.GetString(bytes));
        }
        catch (ArgumentException) // bytes that aren't valid in the charset
        {
            return null;
        }
    }
}
