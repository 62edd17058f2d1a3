using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Logging;

namespace Strangler.Gateway.Admin;

/// <summary>
/// Serves the admin API. Where its address is taken the gateway serves without it, and it is tried again until the
/// address is free: the door does not depend on it.
/// </summary>
/// <param name="build">Makes the server; one that has not started cannot be started again.</param>
/// <param name="address">Its configured address.</param>
internal sealed partial class AdminHost(
    Func<WebApplication> build,
    string address,
    TimeProvider time,
    ILogger<AdminHost> logger
) : IAsyncDisposable
{
    private const string Path = "Gateway:Admin";
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan MaxPause = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _stop = new();
    private readonly RepeatedLine _said = new(isRarer: true);
    private volatile WebApplication? _server;
    private Task _retries = Task.CompletedTask;

    /// <summary>Where it serves, or would.</summary>
    public string Address => _server?.Urls.First() ?? address;

    /// <summary>Starts it, or begins to try.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (await TryAsync(cancellationToken) is not { } fault)
            return;
        Say(fault);
        _retries = RetryAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync(); // not disposed: it holds nothing, and whoever disposes twice may
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
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { } // that is how it is ended
    }

    /// <summary>Not each try is said: the longer it lasts, the rarer.</summary>
    private void Say(Fault fault)
    {
        if (_said.Take(time.GetUtcNow()).IsWritten)
            NotServed($"{fault}");
    }

    /// <summary>Null: it serves.</summary>
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
            + "calls the admin API there. Requests are answered meanwhile, and it is tried again."
    )]
    private partial void NotServed(string fault);

    [LoggerMessage(Level = LogLevel.Information, Message = "The admin API serves at '{Address}'.")]
    private partial void Served(string address);
}
