namespace Strangler.Demo.Show;

/// <summary>What the demo shows in one second.</summary>
/// <param name="Elapsed">The time since the traffic began.</param>
/// <param name="Length">The total length; null: until Ctrl-C.</param>
/// <param name="Reading">The gateway's figures for the route that is shown.</param>
/// <param name="Routes">The figures for all routes.</param>
/// <param name="Calls">The latest counted call tree; null before the first.</param>
/// <param name="WritesPerSecond">Writes that the gateway forwarded in the last second.</param>
internal sealed record DemoState(
    TimeSpan Elapsed,
    TimeSpan? Length,
    RouteStatus Reading,
    IReadOnlyList<RouteStatus> Routes,
    CallTree? Calls,
    double WritesPerSecond
)
{
    /// <summary>What happened since something changed that no projection declares, as sentences.</summary>
    public IReadOnlyList<string> Guard { get; init; } = [];
}
