using System.Buffers;
using System.Text;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// The path that Kestrel makes from a raw one: escapes are decoded if they are valid UTF-8, except an escaped slash;
/// then dot segments are removed. Routes are matched against it.
/// </summary>
internal static class ServerPath
{
    public static string Of(string raw) =>
        WithoutDotSegments(raw.Contains('%', StringComparison.Ordinal) ? Decode(raw, keepSlash: true) : raw);

    /// <param name="keepSlash">An escaped slash stays escaped.</param>
    public static string Decode(string path, bool keepSlash)
    {
        var text = new StringBuilder(path.Length);
        Span<byte> bytes = stackalloc byte[4];
        for (var at = 0; at < path.Length; )
        {
            var first = EscapedAt(path, at);
            if (first < 0 || (keepSlash && first == '/'))
            {
                text.Append(path[at++]);
                continue;
            }
            var count = 1;
            bytes[0] = (byte)first;
            while (count < LengthOf(first) && EscapedAt(path, at + (3 * count)) is >= 0 and var next)
            {
                bytes[count++] = (byte)next;
            }
            var decoded = Rune.DecodeFromUtf8(bytes[..count], out var rune, out var consumed);
            if (decoded == OperationStatus.Done && consumed == count)
            {
                text.Append(rune.ToString());
                at += 3 * count;
            }
            else
                text.Append(path[at++]); // not UTF-8: it stays as written
        }
        return text.ToString();
    }

    /// <summary>RFC 3986, 5.2.4.</summary>
    public static string WithoutDotSegments(string path)
    {
        if (!path.Contains("/.", StringComparison.Ordinal))
            return path;
        var segments = path.Split('/');
        var kept = new List<string>(segments.Length);
        for (var index = 1; index < segments.Length; index++)
        {
            var isDots = segments[index] is "." or "..";
            if (segments[index] == ".." && kept.Count > 0)
                kept.RemoveAt(kept.Count - 1);
            if (!isDots)
                kept.Add(segments[index]);
            else if (index == segments.Length - 1)
                kept.Add("");
        }
        return $"/{string.Join('/', kept)}";
    }

    /// <summary>The length in bytes of the character that begins with this byte. 1 if none does.</summary>
    private static int LengthOf(int first) =>
        first switch
        {
            < 0xC0 => 1,
            < 0xE0 => 2,
            < 0xF0 => 3,
            _ => 4,
        };

    /// <summary>The byte whose escape is at this position. -1 if there is no escape.</summary>
    public static int EscapedAt(string path, int at) =>
        at + 2 < path.Length
        && path[at] == '%'
        && char.IsAsciiHexDigit(path[at + 1])
        && char.IsAsciiHexDigit(path[at + 2])
            ? (Digit(path[at + 1]) << 4) + Digit(path[at + 2])
            : -1;

    /// <summary>The value of a hexadecimal digit.</summary>
    public static int Digit(char letter) => char.IsAsciiDigit(letter) ? letter - '0' : (letter | 0x20) - 'a' + 10;
}
