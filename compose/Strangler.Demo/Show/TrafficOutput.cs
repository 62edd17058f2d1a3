namespace Strangler.Demo.Show;

/// <summary>A line of the traffic generator: the figures of a second, or, as the last line, of the whole run.</summary>
/// <param name="Items">The items whose availability was requested, including duplicates; null: not reported.</param>
internal sealed record TrafficOutput(
    bool Total,
    TrafficFigures Reads,
    TrafficFigures Writes,
    IReadOnlyList<string>? Items = null
);
