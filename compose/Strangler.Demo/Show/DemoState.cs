namespace Strangler.Demo.Show;

/// <summary>What the demo shows of one second.</summary>
/// <param name="Elapsed">Since the traffic began.</param>
/// <param name="Length">How long it continues; null: until Ctrl-C.</param>
/// <param name="Reading">The gateway's figures of the route that is shown.</param>
/// <param name="Routes">Those of all routes.</param>
/// <param name="Calls">The call graph's request counted last; null before the first.</param>
/// <param name="WritesPerSecond">Writes that the gateway passed on in the last second.</param>
internal sealed record DemoState(
    TimeSpan Elapsed,
    TimeSpan? Length,
    RouteStatus Reading,
    IReadOnlyList<RouteStatus> Routes,
    CallTree? Calls,
    double WritesPerSecond
);
