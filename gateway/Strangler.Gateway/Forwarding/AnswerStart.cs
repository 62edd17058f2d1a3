using System.Buffers.Text;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// The first bytes of an HTTP/1.1 answer, in the pieces in which they arrive, until its final status is known. Interim
/// answers before it are skipped.
/// </summary>
internal sealed class AnswerStart
{
    /// <summary>An answer whose status isn't known by then is passed on without being read.</summary>
    private const int MaxBytes = 64 << 10;

    private byte[] _held = [];
    private int _taken;
    private int _lineEnd;

    /// <summary>The final status, or 101. Null if it hasn't arrived.</summary>
    public int? Status { get; private set; }

    /// <summary>Whether more bytes can still reveal the status.</summary>
    public bool IsOpen => Status is null && _taken < MaxBytes;

    /// <summary>
    /// Whether legacy refuses the request before it has all of it: a final status of 400 or more. The sender should
    /// then stop, and can't use the connection for anything else (RFC 9112, 9.5).
    /// </summary>
    public bool IsRefusal => Status >= 400;

    /// <summary>Whether the following bytes belong to another protocol.</summary>
    public bool IsSwitch => Status == 101;

    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (!IsOpen)
            return;
        var before = _held.Length;
        var all = before == 0 ? bytes : [.. _held, .. bytes];
        _taken += bytes.Length;
        var passed = Read(all);
        if (Status is not null)
            _lineEnd -= before;
        _held = IsOpen ? all[passed..].ToArray() : [];
    }

    /// <summary>The bytes with the status, changed so that the client closes the connection.</summary>
    public byte[] Closing(ReadOnlySpan<byte> bytes) =>
        [.. bytes[.._lineEnd], .. "Connection: close\r\n"u8, .. bytes[_lineEnd..]];

    /// <summary>The number of bytes that belong to complete interim answers.</summary>
    private int Read(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; ; )
        {
            var rest = bytes[at..];
            var end = rest.IndexOf((byte)'\n');
            if (end < 0)
                return at;
            var isStatus = end >= 12 && rest.StartsWith("HTTP/1."u8);
            if (!isStatus || !Utf8Parser.TryParse(rest[9..12], out int status, out var digits) || digits != 3)
            {
                _taken = MaxBytes; // not an HTTP answer
                return at;
            }
            if (status is 101 or >= 200)
            {
                (Status, _lineEnd) = (status, at + end + 1);
                return at;
            }
            var next = rest.IndexOf("\r\n\r\n"u8);
            if (next < 0)
                return at;
            at += next + 4;
        }
    }
}
