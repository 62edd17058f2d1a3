namespace Strangler.Demo.Show;

/// <summary>A line of the traffic generator: what it did in a second, or, as its last, in all.</summary>
/// <param name="Items">The items whose availability was asked for, repeated where repeated; null: not said.</param>
internal sealed record TrafficOutput(
    bool Total,
    TrafficFigures Reads,
    TrafficFigures Writes,
    IReadOnlyList<string>? Items = null
);

/// <summary>Requests of a kind.</summary>
/// <param name="Answered">Those that got an answer.</param>
/// <param name="Dropped">Those that were due but not sent, since too many were under way.</param>
/// <param name="Errors">Those that got none, or one of 500 and above.</param>
internal sealed record TrafficFigures(long Answered, long Dropped, long Errors);
