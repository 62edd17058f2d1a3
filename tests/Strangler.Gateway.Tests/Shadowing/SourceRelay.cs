using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// The address of a source that can be moved to another server. Open connections stay with the old one.
/// </summary>
internal sealed class SourceRelay : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = CancellationTokenSource.CreateLinkedTokenSource(
        TestContext.Current.CancellationToken
    );
    private readonly Task _accepting;
    private Action? _beforeAnswer;
    private volatile bool _isMute;

    /// <param name="source">The server behind it, and the login.</param>
    public SourceRelay(string source)
    {
        _listener.Start();
        var settings = new NpgsqlConnectionStringBuilder(source);
        Port = settings.Port;
        (settings.Host, settings.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        ConnectionString = settings.ConnectionString;
        _accepting = Task.Run(AcceptAsync);
    }

    public string ConnectionString { get; }

    /// <summary>The port of the server to which new connections are forwarded.</summary>
    public int Port { get; set; }

    /// <summary>Passes one more answer, after <paramref name="before"/>, and then none.</summary>
    public void AnswerOnceMore(Action before) => Volatile.Write(ref _beforeAnswer, before);

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _accepting; // before the listener stops, which refuses to accept once more
        _listener.Stop();
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var relays = new List<Task>();
        try
        {
            while (true)
                relays.Add(RelayAsync(await _listener.AcceptSocketAsync(_ended.Token)));
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(relays);
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, Port, _ended.Token);
                await await Task.WhenAny(
                    CopyAsync(client, server, isAnswer: false),
                    CopyAsync(server, client, isAnswer: true)
                );
            }
            catch (Exception exception)
                when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client sees the failure.
            }
        }
    }

    private async Task CopyAsync(Socket from, Socket to, bool isAnswer)
    {
        var buffer = new byte[64 << 10];
        while (await from.ReceiveAsync(buffer, _ended.Token) is > 0 and var read)
        {
            if (isAnswer && _isMute)
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _ended.Token);
            if (isAnswer && Interlocked.Exchange(ref _beforeAnswer, null) is { } before)
            {
                _isMute = true;
                before();
            }
            for (var sent = 0; sent < read; )
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent), _ended.Token);
        }
    }
}
