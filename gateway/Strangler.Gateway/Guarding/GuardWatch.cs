using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Evidence.Guards;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Logging;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Promoting;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Guarding;

/// <summary>
/// Looks at each route four times a second. 1. Read its figures, which are in memory. 2. <see cref="Guard"/> judges
/// them. 3. A rule that trips takes the route back in this gateway at once. 4. The store is told as soon as it answers.
/// 5. Trips are read for reports. Nothing that waits for the store stands before the third step, except that faults
/// which may be dismissed are looked up, within a limit.
/// </summary>
internal sealed partial class GuardWatch : BackgroundService
{
    /// <summary>Who changed a stage, if a guard did.</summary>
    public const string Who = "guard";

    internal static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan StoreLimit = TimeSpan.FromMilliseconds(500);
    private readonly GatewayRoutes _routes;
    private readonly StageTable _stages;
    private readonly StageStore _store;
    private readonly StagePoll _poll;
    private readonly StageChanger _changer;
    private readonly GuardFigureReader _reader;
    private readonly DismissalStore _dismissals;
    private readonly GuardMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger<GuardWatch> _logger;
    private readonly Dictionary<string, WatchedRoute> _watched = new(StringComparer.Ordinal);
    private readonly RepeatedLine _said = new(isRarer: true);
    private readonly SemaphoreSlim _oneAtATime = new(1);
    private Task _told = Task.CompletedTask;

    /// <summary>A timestamp: when the last look began. A version that it didn't find is younger.</summary>
    private long _stepped;

    public GuardWatch(
        GatewayRoutes routes,
        StageTable stages,
        StageStore store,
        StagePoll poll,
        StageChanger changer,
        GuardFigureReader reader,
        DismissalStore dismissals,
        GuardMetrics metrics,
        TimeProvider time,
        ILogger<GuardWatch> logger
    )
    {
        (_routes, _stages, _store, _poll, _changer) = (routes, stages, store, poll, changer);
        (_reader, _dismissals, _metrics, _time, _logger) = (reader, dismissals, metrics, time, logger);
        metrics.Observe(() =>
            routes
                .All.Select(route => (route.Model.RouteId, route.Stats.Guard?.State ?? ""))
                .Where(of => of.Item2.Length > 0)
        );
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    await StepAsync(stoppingToken);
                }
                catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
                {
                    if (_said.Take(_time.GetUtcNow()).IsWritten)
                        NotWatched(exception);
                }
            }
        }
        finally
        {
            await _told;
        }
    }

    public override void Dispose()
    {
        _oneAtATime.Dispose();
        base.Dispose();
    }

    /// <summary>Looks at each route once.</summary>
    internal async Task StepAsync(CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            var began = _time.GetTimestamp();
            foreach (var route in _routes.All)
                await StepAsync(route, cancellationToken);
            _stepped = began;
            foreach (var route in _routes.All)
            {
                if (!await ReadTripsAsync(route, cancellationToken))
                    break; // the others would wait for the same store
            }
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    private async Task StepAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        if (_stages.Current.Find(route.Model.RouteId) is not { } stored)
            return;
        var watched = Watched(stored);
        IReadOnlyList<GuardLine> lines = [];
        if (route.StageIn(_stages).Traits().LookupAnswers)
        {
            if (route.Model.Guards is { MaxWrong: not null } or { MaxMismatchRate: not null })
                await ReadDismissedAsync(route, watched, cancellationToken);
            var figures = _reader.Read(route, watched); // 1.
            lines = Guard.Judge(route.Model.Guards, figures); // 2.
            if (Guard.Tripped(lines) is { } tripped)
                Trip(route, watched, stored, tripped, figures, cancellationToken); // 3.
            Say(route, watched, lines);
        }
        Publish(route, watched, stored, lines);
    }

    private WatchedRoute Watched(RouteStage stored)
    {
        if (!_watched.TryGetValue(stored.Route, out var watched) || watched.Version != stored.Version)
            _watched[stored.Route] = watched = new WatchedRoute(stored.Version, _stepped, _time.GetTimestamp());
        return watched;
    }

    private void Trip(
        GatewayRoute route,
        WatchedRoute watched,
        RouteStage stored,
        GuardLine line,
        GuardFigures figures,
        CancellationToken cancellationToken
    )
    {
        var rules = route.Model.Guards;
        var isFreeze = rules.Action == GuardAction.Freeze;
        if (rules.IsDryRun || (isFreeze && (stored.IsFrozen || _stages.FindPutBack(stored.Route) is not null)))
            return;
        var back = _reader.CanCompare ? rules.RollbackTo : Stage.Legacy;
        var why = $"Guard '{line.Name}': {line.Found}";
        var putBack = new StageTable.PutBack(stored.Route, stored.Version, why)
        {
            To = isFreeze ? stored.Stage : back,
            Who = Who,
            Guard = line.Name,
            IsFrozen = isFreeze,
            Evidence = TripEvidence.Of(line, figures, GuardFigureReader.Wrong(route, watched)),
        };
        if (!_changer.TryStepBack(putBack))
            return;
        _metrics.Tripped(stored.Route, line.Name, EnumText.Of(rules.Action));
        if (isFreeze)
            RouteFrozen(stored.Route, why);
        else
        {
            var stage = putBack.To.Text();
            RouteRolledBack(stored.Route, stage, why);
        }
        if (_told.IsCompleted)
            _told = TellAsync(cancellationToken); // 4.
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _poll.RefreshAsync(cancellationToken);
        }
        catch (OperationCanceledException) { } // the poll tells it, or the next gateway trips again
    }

    /// <summary>In a dry run, says and counts once what would have happened, each time that it would.</summary>
    private void Say(GatewayRoute route, WatchedRoute watched, IReadOnlyList<GuardLine> lines)
    {
        if (!route.Model.Guards.IsDryRun)
            return;
        var tripped = lines.Where(line => line.State == GuardState.Tripped).ToList();
        foreach (var line in tripped.Where(line => !watched.Said.Contains(line.Name)))
        {
            route.Stats.CountDryTrip();
            _metrics.Tripped(route.Model.RouteId, line.Name, "dry-run");
            var action = EnumText.Of(route.Model.Guards.Action);
            WouldHaveTripped(route.Model.RouteId, line.Name, action, line.Found);
        }
        watched.Said = tripped.Select(line => line.Name).ToHashSet(StringComparer.Ordinal);
    }

    private void Publish(GatewayRoute route, WatchedRoute watched, RouteStage stored, IReadOnlyList<GuardLine> lines)
    {
        var rules = route.Model.Guards;
        var putBack = _stages.FindPutBack(stored.Route);
        var left = watched.Trips is { } trips
            ? CoolDown.Left(rules, trips) - _time.GetElapsedTime(watched.TripsAt)
            : TimeSpan.Zero;
        var isBack = putBack is { Guard: not null } || stored.Guard is not null;
        var state =
            stored.IsFrozen || putBack is { IsFrozen: true } ? GuardState.Frozen
            : route.StageIn(_stages).Traits().LookupAnswers ? Guard.StateOf(lines)
            : !isBack ? GuardState.Off
            : left > TimeSpan.Zero ? GuardState.Cooling
            : GuardState.Tripped;
        route.Stats.Guard = new GuardReport(
            EnumText.Of(state),
            EnumText.Of(rules.Action),
            rules.IsDryRun,
            watched.Trips is null ? null : CoolDown.Level(watched.Trips),
            left > TimeSpan.Zero ? _time.GetUtcNow() + left : null,
            route.Stats.DryTrips,
            [
                .. lines.Select(line => new GuardRuleReport(
                    line.Name,
                    EnumText.Of(line.State),
                    line.Figure,
                    line.Limit,
                    line.Found
                )),
            ]
        );
    }

    /// <summary>
    /// Asks the store about faults that may be dismissed. If it doesn't answer in time, what isn't known isn't
    /// dismissed.
    /// </summary>
    private async Task ReadDismissedAsync(GatewayRoute route, WatchedRoute watched, CancellationToken cancellationToken)
    {
        if (GuardFigureReader.Wrong(route, watched).Count == 0)
            return;
        await WithStoreAsync(
            async token => watched.Dismissed = await _dismissals.FaultsAsync(route.Model.RouteId, token),
            cancellationToken
        );
    }

    /// <returns>Whether the store answered, or wasn't asked.</returns>
    private async Task<bool> ReadTripsAsync(GatewayRoute route, CancellationToken cancellationToken)
    {
        if (_watched.GetValueOrDefault(route.Model.RouteId) is not { Trips: null } watched) // 5.
            return true;
        return await WithStoreAsync(
            async token =>
            {
                var trips = await _store.TripsAsync(route.Model.RouteId, token);
                (watched.Trips, watched.TripsAt) = (trips, _time.GetTimestamp());
            },
            cancellationToken
        );
    }

    /// <summary>A driver that ignores its token must not delay the guard.</summary>
    private async Task<bool> WithStoreAsync(Func<CancellationToken, Task> ask, CancellationToken cancellationToken)
    {
        if (_stages.Current.Trouble is not null)
            return false;
        using var limit = new CancellationTokenSource(StoreLimit, _time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ask(linked.Token).WaitAsync(linked.Token);
            return true;
        }
        // the store's own parts say what is wrong with it
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Route '{RouteId}' is rolled back to '{Stage}': {Why}")]
    private partial void RouteRolledBack(string routeId, string stage, string why);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Route '{RouteId}' is frozen, and isn't promoted until a person lifts that: {Why}"
    )]
    private partial void RouteFrozen(string routeId, string why);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Dry run: guard '{Rule}' of route '{RouteId}' would have tripped now ({Action}): {Found}"
    )]
    private partial void WouldHaveTripped(string routeId, string rule, string action, string found);

    [LoggerMessage(Level = LogLevel.Error, Message = "Guards could not be watched; it is tried again at once.")]
    private partial void NotWatched(Exception exception);
}
