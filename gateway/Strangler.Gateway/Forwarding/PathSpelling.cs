using System.Globalization;
using System.Text;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Writes a path that transforms have changed, and keeps the client's spelling of everything that they left unchanged.
/// </summary>
internal static class PathSpelling
{
    /// <summary>
    /// The characters, in addition to letters and digits, that a segment may have unescaped (RFC 3986, 3.3).
    /// </summary>
    private const string Plain = "!$&'()*+,-.:;=@_~";

    /// <summary>Stands for a percent sign that the client escaped; no server takes it in a path.</summary>
    private const char Percent = '\0';

    /// <param name="raw">The path as the client wrote it.</param>
    /// <param name="before">The path as the server decoded it.</param>
    /// <param name="after">That path after the transforms.</param>
    public static string Of(string raw, string before, string after)
    {
        var (spelt, known, segments) = (raw.Split('/'), before.Split('/'), after.Split('/'));
        if (spelt.Length != known.Length)
            known = []; // dot segments were removed, so segments don't correspond
        var keepsEscape = EscapesOfClient(raw);
        var last = known.Length - 1;
        for (var index = segments.Length - 1; index >= 0; index--)
        {
            var segment = segments[index];
            var found = last < 0 || segment.Length == 0 ? -1 : Array.LastIndexOf(known, segment, last);
            segments[index] = found < 0 ? Around(segment) : spelt[found];
            if (found >= 0)
                last = found - 1;
        }
        return string.Join('/', segments);

        // A transform may have added text around one of the client's segments, including its escapes.
        string Around(string segment)
        {
            var index = -1;
            for (var each = 0; each < known.Length; each++)
            {
                var isLonger = index < 0 || known[each].Length > known[index].Length;
                var isThere = HasEscape(known[each]) && segment.Contains(known[each], StringComparison.Ordinal);
                if (isLonger && isThere)
                    index = each;
            }
            if (index < 0)
                return Escape(segment, keepsEscape);
            var at = segment.IndexOf(known[index], StringComparison.Ordinal);
            var (start, end) = (segment[..at], segment[(at + known[index].Length)..]);
            return string.Concat(Escape(start, keepsEscape), spelt[index], Escape(end, keepsEscape));
        }
    }

    private static bool HasEscape(string segment) =>
        Enumerable.Range(0, segment.Length).Any(at => ServerPath.EscapedAt(segment, at) >= 0);

    /// <summary>Distinguishes an escape that the server left from one whose percent sign the client escaped.</summary>
    private static Func<string, bool> EscapesOfClient(string raw)
    {
        if (!raw.Contains("%25", StringComparison.Ordinal))
            return _ => true;
        var marked = raw.Replace("%25", $"{Percent}", StringComparison.Ordinal);
        var decoded = ServerPath.Decode(marked, keepSlash: true);
        return escape => !decoded.Contains($"{Percent}{escape[1..]}", StringComparison.Ordinal);
    }

    private static string Escape(string segment, Func<string, bool> keepsEscape)
    {
        var text = new StringBuilder(segment.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < segment.Length; )
        {
            var letter = segment[at];
            var isPlain = char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal);
            if (isPlain || (ServerPath.EscapedAt(segment, at) >= 0 && keepsEscape(segment[at..(at + 3)])))
            {
                text.Append(segment[at++]);
                continue;
            }
            Rune.DecodeFromUtf16(segment.AsSpan(at), out var rune, out var consumed);
            var count = rune.EncodeToUtf8(bytes);
            foreach (var value in bytes[..count])
                text.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
            at += consumed;
        }
        return text.ToString();
    }
}
