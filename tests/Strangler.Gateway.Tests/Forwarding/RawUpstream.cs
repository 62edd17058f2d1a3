using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// A legacy service made from a bare socket: it records the bytes that it receives, and answers with given bytes.
/// </summary>
internal sealed class RawUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Func<RawMessage, RawConnection, Task> _answer;
    private readonly Task _accepting;
    private readonly X509Certificate2? _certificate;

    /// <param name="answer">
    /// Answers a request of which only the head has been read. It reads the body itself if it needs it.
    /// </param>
    /// <param name="isTls">Whether it speaks TLS, with an untrusted certificate.</param>
    public RawUpstream(Func<RawMessage, RawConnection, Task> answer, bool isTls = false)
    {
        (_answer, _certificate) = (answer, isTls ? SelfSigned.Value : null);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"{(_certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}";

    /// <summary>The received requests, in order.</summary>
    public ConcurrentQueue<RawMessage> Asked { get; } = new();

    /// <summary>Reads a complete request and answers it with the same bytes.</summary>
    public static RawUpstream Answering(string answer, bool isTls = false) =>
        new(
            async (request, connection) =>
            {
                await connection.ReadBodyAsync(request);
                await connection.WriteAsync(answer);
            },
            isTls
        );

    /// <summary>Ends the connection when a request has arrived.</summary>
    public static RawUpstream Closing() =>
        new(
            (_, connection) =>
            {
                connection.Close();
                return Task.CompletedTask;
            }
        );

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _accepting; // before the listener stops, which refuses to accept once more
        _listener.Stop();
        await Task.WhenAll(_connections);
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_ending.Token)));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        try
        {
            using var connection = new RawConnection(client, await StreamAsync(client), _ending.Token);
            while (await connection.ReadHeadAsync() is { } request)
            {
                Asked.Enqueue(request);
                await _answer(request, connection);
                if (connection.IsClosed)
                    return;
            }
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        { }
    }

    private async Task<Stream> StreamAsync(TcpClient client)
    {
        if (_certificate is null)
            return client.GetStream();
        var tls = new SslStream(client.GetStream());
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificate = _certificate },
            _ending.Token
        );
        return tls;
    }
}
