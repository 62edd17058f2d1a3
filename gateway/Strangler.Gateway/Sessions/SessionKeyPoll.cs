using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// Reads the keys while a route has <c>Freshness: session</c>: every ten seconds, and when a request names one that
/// isn't known. If the store is down, the last ones stay, for half a day.
/// </summary>
internal sealed partial class SessionKeyPoll(
    SessionKeyStore store,
    CurrentRoutes routes,
    TimeProvider time,
    ILogger<SessionKeyPoll> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _oneAtATime = new(1);
    private volatile ReadKeys? _read;
    private long? _tried;
    private string? _trouble;

    /// <summary>Null if they aren't known, or were read too long ago.</summary>
    public SessionKeySet? Keys =>
        _read is { } read && time.GetElapsedTime(read.At) < SessionKeySet.MaxAge ? read.Keys : null;

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    /// <summary>
    /// Reads them again, unless that was tried within the last second: so a request that names keys at random costs no
    /// more. A key that signs is older than that.
    /// </summary>
    /// <returns>Null if they couldn't be read within the last second.</returns>
    public async Task<SessionKeySet?> RefreshAsync(CancellationToken cancellationToken)
    {
        var asked = time.GetTimestamp();
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_tried is not { } tried || time.GetElapsedTime(tried, asked) >= Retry)
                await ReadAsync(cancellationToken);
        }
        finally
        {
            _oneAtATime.Release();
        }
        return _read is { } read && time.GetElapsedTime(read.At, asked) < Retry ? read.Keys : null;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            if (!routes.All.Any(route => route.Lookup?.Freshness.Mode == FreshnessMode.Session))
            {
                await Task.Delay(Idle, time, stoppingToken);
                continue;
            }
            await RefreshAsync(stoppingToken);
            await Task.Delay(_trouble is null ? Interval : Retry, time, stoppingToken);
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        _tried = began;
        try
        {
            if (await store.ReadAsync(cancellationToken) is { } keys)
                _read = new ReadKeys(keys, began);
            if (_trouble is not null)
                KeysRead();
            _trouble = null;
        }
        // the stages' poll reports what is wrong with a store
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (_trouble != exception.Message)
                KeysUnread(exception.Message);
            _trouble = exception.Message;
        }
    }

    private sealed record ReadKeys(SessionKeySet Keys, long At);

    [LoggerMessage(Level = LogLevel.Information, Message = "The keys of sessions are read from the store.")]
    private partial void KeysRead();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The keys of sessions cannot be read, and legacy answers their routes if none are known: {Trouble} "
            + "It is tried again each second."
    )]
    private partial void KeysUnread(string trouble);
}
