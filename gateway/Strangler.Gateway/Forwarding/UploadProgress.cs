using System.Buffers.Text;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// How much of a request's body has been written to an HTTP/1.1 connection, derived from the bytes: by Content-Length
/// or up to the last chunk. One request at a time.
/// </summary>
internal sealed class UploadProgress
{
    private bool _isChunked;
    private bool _isLast;
    private bool _hasLine;
    private long _size;
    private long _left;

    public bool IsUnderWay => _isChunked || _left > 0;

    /// <summary>
    /// Takes bytes that are about to be written. If no body is in progress, they begin with a request's head, which is
    /// written in one piece.
    /// </summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        if (_isChunked)
            TakeChunks(bytes);
        else if (_left > 0)
            _left = Math.Max(0, _left - bytes.Length);
        else
            Begin(bytes);
    }

    /// <summary>No more of the body is written.</summary>
    public void End() => (_isChunked, _left) = (false, 0);

    private void Begin(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return;
        var head = bytes[..(end + 2)];
        _isChunked = head.IndexOf("\r\nTransfer-Encoding: chunked\r\n"u8) >= 0;
        (_isLast, _hasLine, _size) = (false, false, 0);
        var length = head.IndexOf("\r\nContent-Length: "u8);
        var hasLength = !_isChunked && length >= 0;
        if (hasLength && Utf8Parser.TryParse(head[(length + 18)..], out long left, out _))
            _left = left;
        if (IsUnderWay && bytes.Length > end + 4)
            Take(bytes[(end + 4)..]);
    }

    /// <summary>RFC 9112, 7.1: a line with its size before each chunk, and an empty line after the last.</summary>
    private void TakeChunks(ReadOnlySpan<byte> bytes)
    {
        while (_isChunked && bytes.Length > 0)
        {
            var count = _left > 0 ? (int)Math.Min(_left, bytes.Length) : 1;
            if (_left > 0)
                _left -= count;
            else
                TakeOfLine(bytes[0]);
            bytes = bytes[count..];
        }
    }

    private void TakeOfLine(byte letter)
    {
        if (letter == '\n')
            EndLine();
        else if (letter != '\r')
        {
            _hasLine = true;
            if (char.IsAsciiHexDigit((char)letter))
                _size = (_size << 4) + ServerPath.Digit((char)letter);
        }
    }

    private void EndLine()
    {
        if (_isLast && !_hasLine)
            _isChunked = false;
        else if (_hasLine && !_isLast)
        {
            _isLast = _size == 0;
            _left = _isLast ? 0 : _size + 2; // the chunk and its line end
        }
        (_hasLine, _size) = (false, 0);
    }
}
