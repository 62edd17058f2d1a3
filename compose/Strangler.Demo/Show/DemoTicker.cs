using Npgsql;
using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>
/// The demo's work once a second while traffic runs: it advances the routes, reads their figures, and counts the calls
/// of a request.
/// </summary>
internal sealed class DemoTicker(
    DemoOptions options,
    DemoPlan plan,
    IRoutes routes,
    Traffic traffic,
    CallProbe probe,
    GuardScene? guard,
    NpgsqlDataSource shop,
    TimeProvider time
)
{
    private readonly Cutover _cutover = new(routes, plan);
    private readonly DemoRecord _record = new(Shown, options.Items, options.WritesPerSecond);
    private FaultWatch? _watch;
    private CallTree? _calls;
    private (string Stage, Task<CallTree?> Tree)? _probing;

    private static string Shown => SampleConfiguration.RouteIds[0];

    /// <summary>Whether everything has been shown.</summary>
    /// <param name="elapsed">The time since the traffic began.</param>
    public bool IsOver(TimeSpan elapsed) =>
        !options.Keep
        && elapsed.TotalSeconds >= options.Seconds
        && !_cutover.IsAsking
        && guard is not { IsUnderWay: true };

    /// <param name="elapsed">The time since the traffic began.</param>
    public async Task<DemoState> NextAsync(TimeSpan elapsed, CancellationToken cancellationToken)
    {
        // Before the first comparison, so that none is missed.
        if (options.Fault is { } fault && _watch is null && plan.IsShadowDue(elapsed))
            _watch = await WatchAsync(fault, cancellationToken);
        await _cutover.StepAsync(elapsed, cancellationToken);
        var all = await routes.ReadAsync(cancellationToken);
        var reading = all.First(one => one.Route == Shown);
        _watch?.See(elapsed, all, traffic.ReadsOfWatched);
        if (guard is not null)
            await guard.StepAsync(elapsed, all, cancellationToken);
        await ProbeAsync(reading.Stage, cancellationToken);
        var state = new DemoState(
            elapsed,
            options.Keep ? null : TimeSpan.FromSeconds(options.Seconds),
            reading,
            all,
            _calls,
            traffic.WritesPerSecond
        )
        {
            Guard = [.. guard?.Lines ?? []],
        };
        _record.Add(state);
        return state;
    }

    /// <summary>
    /// Summarizes everything. It is not cancelled: it is the remaining output after Ctrl-C, and the admin API's client
    /// limits the time.
    /// </summary>
    public async Task<DemoSummary> SumAsync(TimeSpan elapsed)
    {
        await _cutover.EndAsync();
        var refused = _cutover.Refused.ToDictionary(
            route => route.Key,
            route =>
                (IReadOnlyList<string>)[.. route.Value.Select(fault => $"{fault.Problem} {fault.WayOut}".TrimEnd())]
        );
        return _record.Sum(
            elapsed,
            traffic.Totals,
            refused,
            _watch is null ? null : _watch.Sum(await DifferencesAsync(), traffic.ReadsOfWatched, refused.Keys),
            guard?.Sum()
        );
    }

    private async Task<FaultWatch> WatchAsync(PlantedFault fault, CancellationToken cancellationToken)
    {
        var touched = await fault.TouchedAsync(shop, time.GetUtcNow(), cancellationToken);
        traffic.Watch(touched);
        return new(fault, touched.Count);
    }

    private async Task ProbeAsync(string stage, CancellationToken cancellationToken)
    {
        if (_probing is { Tree.IsCompleted: true } probed)
        {
            // A request during which the stage changed counts for neither.
            if (await probed.Tree is { } tree && probed.Stage == stage)
            {
                _calls = tree;
                _record.Add(stage, tree);
            }
            _probing = null;
        }
        _probing ??= (stage, probe.MeasureAsync(cancellationToken));
    }

    private async Task<IReadOnlyList<DifferenceCount>> DifferencesAsync()
    {
        var differences = new List<DifferenceCount>();
        foreach (var route in SampleConfiguration.FaultyRouteIds)
            differences.AddRange(await routes.DifferencesAsync(route, CancellationToken.None));
        return differences;
    }
}
