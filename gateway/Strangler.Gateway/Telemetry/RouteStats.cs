using Strangler.Evidence;
using Strangler.Evidence.Reports;

namespace Strangler.Gateway.Telemetry;

/// <summary>Live figures of a route: both sides' durations, and why the call graph answered.</summary>
internal sealed class RouteStats(TimeProvider time)
{
    private readonly long[] _reasons = new long[CallGraphReasons.Count];
    private long _dryTrips;
    private volatile GuardReport? _guard;
    private readonly long[] _refused = new long[Enum.GetValues<FallbackLimit>().Length];

    public SideStats Lookup { get; } = new(time);

    public SideStats Legacy { get; } = new(time);

    /// <summary>Waits for what the route's Freshness promises, however they ended.</summary>
    public SideStats Freshness { get; } = new(time);

    /// <summary>Requests for which the projection asks legacy.</summary>
    public AskLegacyCounts AskLegacy { get; } = new();

    /// <summary>How long answers of legacy were held for what their caller's later reads must see.</summary>
    public SideStats Held { get; } = new(time);

    public ShadowStats Shadow { get; } = new(time);

    /// <summary>Of requests that the lookup answered.</summary>
    public ShadowStats Recheck { get; } = new(time);

    /// <summary>What the route's guard looks at.</summary>
    public GuardCounts Guarded { get; } = new(time);

    /// <summary>The route's guard, as the watch last found it. Null: not yet.</summary>
    public GuardReport? Guard
    {
        get => _guard;
        set => _guard = value;
    }

    /// <summary>What the guard would have done in dry runs.</summary>
    public long DryTrips => Interlocked.Read(ref _dryTrips);

    public void CountDryTrip() => Interlocked.Increment(ref _dryTrips);

    /// <summary>Requests that got 503, to protect legacy.</summary>
    public long Refused => RefusedBy().Values.Sum();

    public void CountReason(CallGraphReason reason) => Interlocked.Increment(ref _reasons[(int)reason]);

    public void CountRefused(FallbackLimit limit) => Interlocked.Increment(ref _refused[(int)limit]);

    /// <summary>Those by the limit that refused them, without limits that never did.</summary>
    public IReadOnlyDictionary<FallbackLimit, long> RefusedBy() =>
        Enum.GetValues<FallbackLimit>()
            .Select(limit => (Limit: limit, Count: Interlocked.Read(ref _refused[(int)limit])))
            .Where(pair => pair.Count > 0)
            .ToDictionary(pair => pair.Limit, pair => pair.Count);

    /// <summary>Counts by reason, without reasons that never occurred.</summary>
    public IReadOnlyDictionary<string, long> Reasons() =>
        Enum.GetValues<CallGraphReason>()
            .Select(reason => (Reason: reason, Count: Interlocked.Read(ref _reasons[(int)reason])))
            .Where(pair => pair.Count > 0)
            .ToDictionary(pair => pair.Reason.Text(), pair => pair.Count);
}
