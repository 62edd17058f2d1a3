namespace Strangler.Demo.Show;

/// <summary>Collects the demo's states and summarizes them.</summary>
internal sealed class DemoRecord(string route, int items, int writesAsked)
{
    private readonly List<StageSpan> _stages = [];
    private readonly List<(string Stage, CallTree Tree)> _trees = [];
    private readonly List<double> _lags = [];
    private RouteStatus? _last;
    private ComparisonSummary _comparison = ComparisonSummary.None;

    public void Add(DemoState state)
    {
        _last = state.Reading;
        if (state.Guard.Count == 0) // what is wrong afterwards is meant to be
            _comparison = ComparisonSummary.Of(state.Routes, state.Reading);
        if (_stages.Count == 0 || _stages[^1].Stage != state.Reading.Stage)
            _stages.Add(new(state.Reading.Stage, Math.Round(state.Elapsed.TotalSeconds, 1)));
        if (state.Reading.Lag is { } lag)
            _lags.Add(lag.TotalSeconds);
    }

    /// <param name="stage">The stage in which the request was sent and answered.</param>
    /// <param name="tree">The resulting calls.</param>
    public void Add(string stage, CallTree tree) => _trees.Add((stage, tree));

    public DemoSummary Sum(
        TimeSpan elapsed,
        TrafficTotals traffic,
        IReadOnlyDictionary<string, IReadOnlyList<string>> refused,
        FaultSummary? fault,
        GuardSummary? guard
    )
    {
        var reading = _last ?? new(route, "", SideStatus.None, SideStatus.None, null, ShadowStatus.None);
        return new(
            route,
            items,
            Math.Round(elapsed.TotalSeconds, 1),
            _stages,
            reading.Legacy.Count + reading.Lookup.Count,
            traffic.Dropped,
            traffic.Errors,
            Side(reading.Legacy, "legacy", "shadow"),
            Side(reading.Lookup, "lookup"),
            traffic.Writes,
            elapsed == TimeSpan.Zero ? 0 : Math.Round(traffic.Writes / elapsed.TotalSeconds, 1),
            writesAsked,
            Median(_lags),
            _lags.Count == 0 ? null : Math.Round(_lags.Max(), 3),
            _comparison,
            refused,
            fault,
            guard
        );
    }

    private SideSummary Side(SideStatus side, params string[] stages)
    {
        var trees = _trees.Where(pair => stages.Contains(pair.Stage)).Select(pair => pair.Tree).ToList();
        return new(
            side.Count,
            side.P50,
            side.P99,
            trees.Count == 0 ? null : Math.Round(trees.Average(tree => tree.Calls), 1),
            trees.Count == 0 ? null : trees.Max(tree => tree.Depth)
        );
    }

    private static double? Median(List<double> values) =>
        values.Count == 0 ? null : Math.Round(values.Order().ElementAt(values.Count / 2), 3);
}
