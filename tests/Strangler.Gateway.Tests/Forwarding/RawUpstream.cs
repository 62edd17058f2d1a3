using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// A legacy service made of a bare socket: it keeps the bytes that it was sent, and answers with the bytes that it
/// was given.
/// </summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<RawMessage, RawConnection, Task> _answer;
    private readonly Task _accepting;

    /// <param name="answer">Answers a request of which only the head has been read; whoever wants its body reads it.</param>
    public RawUpstream(Func<RawMessage, RawConnection, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"http://{_listener.LocalEndpoint}";

    /// <summary>The requests that came, in their order.</summary>
    public ConcurrentQueue<RawMessage> Asked { get; } = new();

    /// <summary>Reads a request whole and answers it with the same bytes.</summary>
    public static RawUpstream Answering(string answer) => new(async (request, connection) =>
    {
        await connection.ReadBodyAsync(request);
        await connection.WriteAsync(answer);
    });

    /// <summary>Ends the connection when a request has come.</summary>
    public static RawUpstream Closing() => new((_, connection) =>
    {
        connection.Close();
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = new RawConnection(client, _ending.Token);
        try
        {
            while (await connection.ReadHeadAsync() is { } request)
            {
                Asked.Enqueue(request);
                await _answer(request, connection);
                if (connection.IsClosed) return;
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException) { }
    }
}
