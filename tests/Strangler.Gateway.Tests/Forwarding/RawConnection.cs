using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>One end of a connection, read and written byte by byte: each character of a text is a byte.</summary>
internal sealed class RawConnection(TcpClient client, Stream stream, CancellationToken cancellationToken) : IDisposable
{
    private readonly Stream _stream = stream;
    private byte[] _buffer = new byte[16 << 10];
    private int _held;

    public bool IsClosed { get; private set; }

    public static async Task<RawConnection> OpenAsync(string address, CancellationToken cancellationToken)
    {
        var (client, uri) = (new TcpClient { NoDelay = true }, new Uri(address));
        await client.ConnectAsync(uri.Host, uri.Port, cancellationToken);
        return new RawConnection(client, client.GetStream(), cancellationToken);
    }

    public async Task WriteAsync(string text) =>
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text), cancellationToken);

    public async Task WriteAsync(ReadOnlyMemory<byte> bytes) => await _stream.WriteAsync(bytes, cancellationToken);

    /// <summary>
    /// Sends as much of an upload as the other side reads: a gateway may stop reading when it has answered.
    /// </summary>
    public async Task UploadAsync(int length, bool chunked = false)
    {
        var piece = new byte[64 << 10];
        var framing = chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {length}";
        try
        {
            await WriteAsync($"POST /upload HTTP/1.1\r\nHost: shop.example\r\n{framing}\r\n\r\n");
            for (var sent = 0; sent < length; sent += piece.Length)
            {
                if (chunked)
                    await WriteAsync("10000\r\n"); // the chunk's length
                await WriteAsync(piece);
                if (chunked)
                    await WriteAsync("\r\n");
            }
            if (chunked)
                await WriteAsync("0\r\n\r\n");
        }
        catch (IOException) { }
    }

    /// <summary>Sends a request and reads its complete answer, without interim answers.</summary>
    public async Task<(RawMessage Head, string Body)> AskAsync(string request)
    {
        await WriteAsync(request);
        return await ReadAnswerAsync(request.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    public async Task<(RawMessage Head, string Body)> ReadAnswerAsync(bool isOfHead = false)
    {
        while (true)
        {
            var head = await ReadHeadAsync() ?? throw new IOException("The connection ended before an answer came.");
            if (head.Status is >= 100 and < 200)
                continue;
            return (head, isOfHead || head.Status is 204 or 304 ? "" : await ReadBodyAsync(head));
        }
    }

    /// <summary>Null if the other side has ended the connection.</summary>
    public async Task<RawMessage?> ReadHeadAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _held).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (!await FillAsync())
                return null;
        }
        return RawMessage.Parse(Take(end + 4));
    }

    /// <summary>
    /// A body by Content-Length or in chunks; trailers are discarded, or put into <paramref name="trailers"/>.
    /// </summary>
    public async Task<string> ReadBodyAsync(RawMessage head, List<string>? trailers = null)
    {
        if (head.Value("Content-Length") is { } length)
            return await ReadAsync(int.Parse(length, CultureInfo.InvariantCulture));
        if (head.Value("Transfer-Encoding") is null)
            return head.StartLine.StartsWith("HTTP/", StringComparison.Ordinal) ? await ReadToEndAsync() : "";
        var body = new StringBuilder();
        while (
            int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is > 0 and var size
        )
        {
            body.Append(await ReadAsync(size));
            await ReadLineAsync();
        }
        while (await ReadLineAsync() is { Length: > 0 } line)
            trailers?.Add(line);
        return body.ToString();
    }

    /// <summary>Reads part of a body and discards it.</summary>
    public async Task ReadSomeAsync()
    {
        for (var read = 0; read < 1 << 20; )
        {
            _held = 0;
            if (!await FillAsync())
                return;
            read += _held;
        }
        _held = 0;
    }

    /// <summary>Neither reads nor writes until the test ends.</summary>
    public Task BeDeafAsync() => Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);

    /// <summary>Ends the connection. If received bytes weren't read, the other side sees a reset.</summary>
    public void Close()
    {
        IsClosed = true;
        client.Close();
    }

    public void Dispose()
    {
        _stream.Dispose();
        client.Dispose();
    }

    private async Task<string> ReadLineAsync()
    {
        int end;
        while ((end = _buffer.AsSpan(0, _held).IndexOf("\r\n"u8)) < 0)
        {
            if (!await FillAsync())
                throw new IOException("The connection ended within a line.");
        }
        return Take(end + 2)[..^2];
    }

    private async Task<string> ReadAsync(int count)
    {
        while (_held < count)
        {
            if (!await FillAsync())
                throw new IOException("The connection ended within a body.");
        }
        return Take(count);
    }

    private async Task<string> ReadToEndAsync()
    {
        while (await FillAsync()) { }
        return Take(_held);
    }

    private async Task<bool> FillAsync()
    {
        if (_held == _buffer.Length)
            Array.Resize(ref _buffer, 2 * _buffer.Length);
        var read = await _stream.ReadAsync(_buffer.AsMemory(_held), cancellationToken);
        _held += read;
        return read > 0;
    }

    private string Take(int count)
    {
        var text = Encoding.Latin1.GetString(_buffer, 0, count);
        _buffer.AsSpan(count, _held - count).CopyTo(_buffer);
        _held -= count;
        return text;
    }
}
