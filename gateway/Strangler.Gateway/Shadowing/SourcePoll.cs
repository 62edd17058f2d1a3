using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Looks at the source's primary while a route has a projection: often while a route is compared, otherwise twice a
/// second for the age of documents. A failed look ends its connection, and the next one begins a new generation. The
/// looks that are kept are bounded by time and number.
/// </summary>
internal sealed partial class SourcePoll : BackgroundService, ISourceLooks
{
    private static readonly TimeSpan Idle = TimeSpan.FromMilliseconds(200);

    /// <summary>
    /// The time from one look to the next if nothing is compared, which is the precision of a document's age.
    /// </summary>
    private static readonly TimeSpan AgeInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a server is looked at that isn't the one with which the log was compared, before a new connection is
    /// made: the address may lead to another server by then.
    /// </summary>
    private static readonly TimeSpan UnverifiedPatience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The longest wait for a look. In the worst case the answer ends just after a look was sent, and the wait covers
    /// that look, an interval and the next look.
    /// </summary>
    internal static readonly TimeSpan LookLimit = TimeSpan.FromSeconds(3);

    // in addition to legacy's staleness: the time for which YARP lets an idle call run, and a minute in which a
    // comparison begins
    private static readonly TimeSpan MaxComparison = TimeSpan.FromSeconds(160);
    private readonly SourceModel? _source;
    private readonly GatewayRoutes _routes;
    private readonly StageTable _stages;
    private readonly WatermarkAges _ages;
    private readonly TimeProvider _time;
    private readonly ILogger<SourcePoll> _logger;
    private readonly LookHistory _history;
    private readonly Lock _lock = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _generation;
    private volatile string? _trouble;

    public SourcePoll(
        GatewayModel model,
        GatewayRoutes routes,
        StageTable stages,
        WatermarkAges ages,
        TimeProvider time,
        ILogger<SourcePoll> logger
    )
    {
        (_source, _routes, _stages, _ages, _time, _logger) = (model.Source, routes, stages, ages, time, logger);
        _history = new LookHistory(time.TimestampFrequency, Kept(routes));
        routes.Changed += () =>
        {
            lock (_lock)
                _history.Keep = Kept(routes);
        };
    }

    /// <summary>Why the source can't be looked at. Null if it can, or if nothing requires it.</summary>
    public string? Trouble => _trouble;

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    public TakenLook? Before(long timestamp, TimeSpan back)
    {
        lock (_lock)
            return _history.Before(timestamp, back);
    }

    public async ValueTask<TakenLook?> AfterAsync(long timestamp, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        while (true)
        {
            Task taken;
            lock (_lock)
            {
                if (_history.After(timestamp) is { } found)
                    return found;
                taken = _taken.Task;
            }
            var left = LookLimit - _time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
                return null;
            try
            {
                await taken.WaitAsync(left, _time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return null;
            }
        }
    }

    public ValueTask<TakenLook?> LookAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetTimestamp();
        Wake();
        return AfterAsync(now, cancellationToken);
    }

    public bool IsVerified(TakenLook look) => _ages.IsVerified(look.Server);

    public (TakenLook Oldest, TakenLook Newest)? Kept()
    {
        lock (_lock)
            return _history.Kept();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_source is not { } source)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (!Wanted())
            {
                _trouble = null;
                await Task.Delay(Idle, _time, stoppingToken);
                continue;
            }
            try
            {
                await FollowAsync(source, stoppingToken);
            }
            // nothing here may stop the gateway
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Say(exception, source);
                await Task.Delay(Retry, _time, stoppingToken);
            }
        }
    }

    /// <summary>
    /// Looks over one connection, which is one generation, while a route is compared. An old primary that keeps running
    /// after a failover answers as before, so the connection is made again once another server has been verified.
    /// </summary>
    private async Task FollowAsync(SourceModel source, CancellationToken cancellationToken)
    {
        await using var connection = await SourceConnection.OpenAsync(source.ConnectionString, cancellationToken);
        var generation = ++_generation;
        if (_trouble is not null || generation == 1)
            Looked();
        _trouble = null;
        var verified = _time.GetTimestamp();
        while (Wanted() && _time.GetElapsedTime(verified) < UnverifiedPatience)
        {
            var (sent, at) = (_time.GetTimestamp(), _ages.Now());
            var (look, clock) = await connection.LookAsync(cancellationToken);
            var received = _time.GetTimestamp();
            _ages.Looked(at, connection.Server, look.Floor, clock);
            if (_ages.IsVerified(connection.Server))
                verified = received;
            Add(new TakenLook(sent, received, generation, look, connection.Server) { Layout = connection.Layout });
            await _wake.WaitAsync(
                Compared() || source.Interval > AgeInterval ? source.Interval : AgeInterval,
                cancellationToken
            );
        }
    }

    /// <summary>
    /// The age of documents is measured in every stage, so that a route doesn't have to wait for it when it is
    /// promoted.
    /// </summary>
    private bool Wanted() => _routes.All.Any(route => route.Model.Lookup is not null);

    private bool Compared() => _routes.All.Any(route => route.StageIn(_stages).Traits().NeedsSource);

    private static TimeSpan Kept(GatewayRoutes routes) =>
        routes.All.Select(route => route.Model.Shadow.LegacyStaleness).DefaultIfEmpty().Max() + MaxComparison;

    private void Add(TakenLook look)
    {
        TaskCompletionSource taken;
        lock (_lock)
        {
            _history.Add(look);
            (taken, _taken) = (_taken, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        taken.SetResult();
    }

    private void Wake()
    {
        try
        {
            if (_wake.CurrentCount == 0)
                _wake.Release();
        }
        catch (SemaphoreFullException) { } // another thread has just woken it
    }

    private void Say(Exception exception, SourceModel source)
    {
        var trouble = SourceCheck.Of(exception, source) is not { } fault
            ? exception.Message
            : $"{fault.Problem} {fault.WayOut}";
        if (_trouble != trouble)
            Unseen(trouble);
        _trouble = trouble;
    }

    [LoggerMessage(
        Level = LogLevel.Information,
        Message = "The source's primary is looked at, for brackets and for the age of documents."
    )]
    private partial void Looked();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The source's primary cannot be looked at, so nothing is compared, and documents age: {Trouble} It "
            + "is tried again each second."
    )]
    private partial void Unseen(string trouble);
}
