using System.Net;
using System.Net.Sockets;

namespace Strangler.Benchmarks.Load;

/// <summary>
/// One HTTP/1.1 connection that sends prebuilt bytes and reads only as much of an answer as it needs to find its end:
/// on a small machine the client must cost less than the server that is measured.
/// </summary>
internal sealed class RawConnection(Socket socket) : IDisposable
{
    private byte[] _buffer = new byte[128 * 1024];

    public static async Task<RawConnection> OpenAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(address.Host), address.Port), cancellationToken);
        return new(socket);
    }

    /// <returns>The answer's status and the length of what was read.</returns>
    /// <exception cref="IOException">The connection ended within an answer.</exception>
    public async ValueTask<(int Status, int Length)> AskAsync(
        ReadOnlyMemory<byte> request,
        CancellationToken cancellationToken
    )
    {
        await socket.SendAsync(request, cancellationToken);
        var held = 0;
        while (true)
        {
            if (held == _buffer.Length)
                Array.Resize(ref _buffer, held * 2);
            var read = await socket.ReceiveAsync(_buffer.AsMemory(held), cancellationToken);
            if (read == 0)
                throw new IOException("The server closed the connection within an answer.");
            held += read;
            if (End(_buffer.AsSpan(0, held)) is { } end)
                return (Status(_buffer), end);
        }
    }

    public void Dispose() => socket.Dispose();

    private static int Status(ReadOnlySpan<byte> answer) =>
        (answer[9] - '0') * 100 + (answer[10] - '0') * 10 + answer[11] - '0';

    private static int? End(ReadOnlySpan<byte> answer)
    {
        var head = answer.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return null;
        var headers = answer[..head];
        var at = headers.IndexOf("Content-Length: "u8);
        if (at >= 0)
        {
            var length = 0;
            foreach (var letter in headers[(at + 16)..])
            {
                if (letter is < (byte)'0' or > (byte)'9')
                    break;
                length = length * 10 + letter - '0';
            }
            return answer.Length >= head + 4 + length ? head + 4 + length : null;
        }
        // JSON contains no bare line breaks, so the last chunk is unambiguous.
        return answer.EndsWith("\r\n0\r\n\r\n"u8) ? answer.Length : null;
    }
}
