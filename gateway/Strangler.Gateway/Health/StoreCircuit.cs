using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;

namespace Strangler.Gateway.Health;

/// <summary>
/// Prevents requests from waiting for a store that doesn't answer: after a few consecutive failures, they go to the
/// call graph at once. While the circuit is open, the store is asked in the background, one probe at a time, until it
/// answers.
/// </summary>
internal sealed partial class StoreCircuit : BackgroundService
{
    /// <summary>The time from a probe's end to the next probe.</summary>
    internal static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(900);

    /// <summary>
    /// The maximum time, after the route's own, for which a driver that ignores its token delays the next probe.
    /// </summary>
    internal static readonly TimeSpan ProbePatience = TimeSpan.FromSeconds(5);

    private readonly IAnswers _answers;
    private readonly TimeProvider _time;
    private readonly ILogger<StoreCircuit> _logger;
    private readonly CurrentRoutes _routes;
    private readonly SemaphoreSlim _opened = new(0, 1);
    private readonly Lock _lock = new();
    private CircuitState _state;
    private volatile string? _trouble;

    public StoreCircuit(
        CurrentRoutes routes,
        IAnswers answers,
        GatewayMetrics metrics,
        TimeProvider time,
        ILogger<StoreCircuit> logger
    )
    {
        (_routes, _answers, _time, _logger) = (routes, answers, time, logger);
        metrics.ObserveCircuit(() => IsOpen);
    }

    public bool IsOpen
    {
        get
        {
            lock (_lock)
                return _state.IsOpen;
        }
    }

    /// <summary>Why look-ups aren't tried. Null if they are.</summary>
    public string? Trouble => _trouble;

    public void Answered()
    {
        lock (_lock)
            _state = _state.Answered();
    }

    /// <param name="reason">The outcome of the look-up.</param>
    /// <param name="detail">The store's error, as a sentence. Null if it reported none.</param>
    public void Failed(string reason, string? detail = null)
    {
        var last = detail is null ? "" : $" The last one: {detail}";

        lock (_lock)
        {
            if (_state.IsOpen)
                return;
            _state = _state.Failed(_time.GetTimestamp());
            if (!_state.IsOpen)
                return;
            _trouble =
                $"The store did not answer {CircuitState.MaxFailures} look-ups in a row ({reason}), so requests go "
                + $"to legacy at once. It is asked again each second.{last}";
            if (_opened.CurrentCount == 0)
                _opened.Release();
        }
        Opened(CircuitState.MaxFailures, reason, last);
    }

    public override void Dispose()
    {
        _opened.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await _opened.WaitAsync(stoppingToken);
            while (IsOpen)
            {
                await Task.Delay(ProbeInterval, _time, stoppingToken);
                var answered = await ProbeAsync(stoppingToken);
                TimeSpan open;
                lock (_lock)
                {
                    open = _state.OpenSince is { } since ? _time.GetElapsedTime(since) : default;
                    _state = _state.Probed(answered);
                    if (answered)
                        _trouble = null;
                }
                if (answered)
                    Closed(open.TotalSeconds);
            }
        }
    }

    /// <summary>Asks with the longest timeout of any route, for a key that doesn't exist.</summary>
    private async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        var lookup = _routes
            .All.Select(route => route.Lookup)
            .OfType<RouteLookupModel>()
            .MaxBy(lookup => lookup.LookupTimeout);
        if (lookup is null)
            return true;
        using var limit = new CancellationTokenSource(lookup.LookupTimeout, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _answers
                .FindAsync(lookup.Responder.Projection, [""], linked.Token)
                .AsTask()
                .WaitAsync(lookup.LookupTimeout + ProbePatience, _time, cancellationToken);
            return !limit.IsCancellationRequested;
        }
        // for any exception: the next probe may succeed
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The store did not answer {Count} look-ups in a row ({Reason}), so requests go to legacy at once. It "
            + "is asked again each second.{Last}"
    )]
    private partial void Opened(int count, string reason, string last);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store answers look-ups again, after {Seconds:0.0} s.")]
    private partial void Closed(double seconds);
}
