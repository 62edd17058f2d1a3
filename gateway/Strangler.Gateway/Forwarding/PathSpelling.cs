using System.Globalization;
using System.Text;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Writes a path that transforms have changed, so that what they left of the client's path stands in it as the client
/// wrote it.
/// </summary>
internal static class PathSpelling
{
    /// <summary>With letters and digits, what a segment may hold unescaped (RFC 3986, 3.3).</summary>
    private const string Plain = "!$&'()*+,-.:;=@_~";

    /// <param name="raw">The path as the client wrote it.</param>
    /// <param name="before">What the server made of it.</param>
    /// <param name="after">What the transforms made of that.</param>
    public static string Of(string raw, string before, string after)
    {
        var (spelt, known, segments) = (raw.Split('/'), before.Split('/'), after.Split('/'));
        if (spelt.Length != known.Length) known = []; // dot segments were removed: their segments don't correspond
        // An escape that the server left is the client's, unless the client escaped its percent sign.
        var keepsEscapes = !raw.Contains("%25", StringComparison.Ordinal);
        var last = known.Length - 1;
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            var found = last < 0 || segments[index].Length == 0 ? -1 : Array.LastIndexOf(known, segments[index], last);
            segments[index] = found < 0 ? Escape(segments[index], keepsEscapes) : spelt[found];
            if (found >= 0) last = found - 1;
        }
        return string.Join('/', segments);
    }

    private static string Escape(string segment, bool keepsEscapes)
    {
        var text = new StringBuilder(segment.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < segment.Length;)
        {
            var letter = segment[at];
            var isPlain = char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal);
            if (isPlain || (keepsEscapes && ServerPath.EscapedAt(segment, at) >= 0))
            {
                text.Append(segment[at++]);
                continue;
            }
            Rune.DecodeFromUtf16(segment.AsSpan(at), out var rune, out var consumed);
            var count = rune.EncodeToUtf8(bytes);
            foreach (var value in bytes[..count]) text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            at += consumed;
        }
        return text.ToString();
    }
}
