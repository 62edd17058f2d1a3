using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Logging;

namespace Strangler.Gateway.Admin;

/// <summary>
/// Serves the admin API. While its address is taken, the gateway serves without it and tries again until the address is
/// free: serving doesn't depend on it.
/// </summary>
/// <param name="build">Builds the server. A server that failed to start can't be started again.</param>
/// <param name="address">Its configured address.</param>
internal sealed partial class AdminHost(
    Func<WebApplication> build,
    string address,
    TimeProvider time,
    ILogger<AdminHost> logger
) : IHostedService, IAsyncDisposable
{
    private const string Path = "Gateway:Admin";
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatedLine _said = new(isRarer: true);
    private volatile WebApplication? _server;
    private Task _retries = Task.CompletedTask;

    /// <summary>The address at which it serves, or would serve.</summary>
    public string Address => _server?.Urls.First() ?? address;

    /// <summary>Starts it, or starts trying.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await TryAsync(cancellationToken) is not { } fault)
            return;
        Say(fault);
        _retries = RetryAsync(_stop.Token);
    }

    public async Task StopAsync(CancellationToken cancellationToken) => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync(); // not disposed: it holds no resources, and disposing this host twice is allowed
        await _retries;
        if (_server is not { } server)
            return;
        await server.StopAsync(CancellationToken.None);
        await server.DisposeAsync();
    }

    private async Task RetryAsync(CancellationToken stop)
    {
        try
        {
            for (var pause = FirstPause; ; pause = pause * 2 < MaxPause ? pause * 2 : MaxPause)
            {
                await Task.Delay(pause, time, stop);
                if (await TryAsync(stop) is { } fault)
                {
                    Say(fault);
                    continue;
                }
                Served(Address);
                return;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // the normal way to stop it
    }

    /// <summary>Not each attempt is logged: the longer it lasts, the less often.</summary>
    private void Say(Fault fault)
    {
        if (_said.Take(time.GetUtcNow()).IsWritten)
            NotServed($"{fault}");
    }

    /// <summary>Null if it serves.</summary>
    private async Task<Fault?> TryAsync(CancellationToken cancellationToken)
    {
        var server = build();
        try
        {
            await ServerStart.StartAsync(server, Path, [address], cancellationToken);
            _server = server;
            return null;
        }
        catch (FaultException exception)
        {
            await server.DisposeAsync();
            return exception.Faults[0];
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The admin API doesn't serve: {Fault} A program that holds the address receives the token of "
            + "everyone who "
            + "calls the admin API there. The gateway answers requests meanwhile, and tries again."
    )]
    private partial void NotServed(string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The admin API serves at '{Address}'.")]
    private partial void Served(string address);
}
