using System.Buffers.Text;

namespace Strangler.Gateway.Forwarding;

/// <summary>The first bytes of an answer of HTTP/1.1.</summary>
internal static class AnswerStart
{
    private static ReadOnlySpan<byte> Close => "Connection: close\r\n"u8;

    /// <summary>
    /// Whether legacy refuses the request before it has all of it: a final status of 400 or more. Its sender should
    /// cease then, and can't use the connection for anything else (RFC 9112, 9.5).
    /// </summary>
    public static bool IsRefusal(ReadOnlySpan<byte> bytes) => LineOf(bytes) is { Status: >= 400 };

    /// <summary>The same bytes, with which nobody uses the connection again.</summary>
    public static byte[] Closing(ReadOnlySpan<byte> bytes)
    {
        var end = LineOf(bytes)?.End ?? 0;
        return [.. bytes[..end], .. Close, .. bytes[end..]];
    }

    /// <summary>The first status line that isn't an interim answer's; null: it is not all there.</summary>
    private static (int Status, int End)? LineOf(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ;)
        {
            var rest = bytes[at..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 12 || !rest.StartsWith("HTTP/1."u8)) return null;
            if (!Utf8Parser.TryParse(rest[9..12], out int status, out var digits) || digits != 3) return null;
            if (status is 101 or >= 200) return (status, at + end + 1);
            var next = rest.IndexOf("\r\n\r\n"u8);
            if (next < 0) return null;
            at += next + 4;
        }
    }
}
