using System.Net;
using System.Net.Sockets;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// Passes connections on to a port of this machine until it is told to be silent: then those that are open stay open
/// and carry nothing, as if a cable had been pulled, and new ones are passed on.
/// </summary>
internal sealed class SilentProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _clients = [];
    private readonly int _target;
    private readonly Task _accepting;
    private int _silences;

    /// <param name="target">The port that it passes on to.</param>
    public SilentProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Every connection that is open now carries nothing any more.</summary>
    public void Silence() => Interlocked.Increment(ref _silences);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting; // before the listener stops, which refuses to accept once more
        _listener.Stop();
        foreach (var client in _clients)
            client.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var near = await _listener.AcceptTcpClientAsync(_stop.Token);
                var far = new TcpClient();
                _clients.AddRange([near, far]);
                await far.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                var silences = Volatile.Read(ref _silences);
                _ = PassAsync(near, far, silences);
                _ = PassAsync(far, near, silences);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // It ends, or its target doesn't listen.
        }
    }

    private async Task PassAsync(TcpClient from, TcpClient to, int silences)
    {
        var buffer = new byte[64 << 10];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stop.Token) is > 0 and var count)
            {
                if (Volatile.Read(ref _silences) == silences)
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stop.Token);
            }
            if (Volatile.Read(ref _silences) == silences)
                to.Client.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception)
            when (exception is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
        {
            // One side is gone; the other one notices or not, as it would.
        }
    }
}
