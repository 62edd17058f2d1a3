namespace Strangler.Demo.Show;

/// <summary>A line of the traffic generator: the figures of a second, or, as the last line, of the whole run.</summary>
/// <param name="Items">The items whose availability was requested, including duplicates; null: not reported.</param>
internal sealed record TrafficOutput(
    bool Total,
    TrafficFigures Reads,
    TrafficFigures Writes,
    IReadOnlyList<string>? Items = null
);

/// <summary>Requests of a kind.</summary>
/// <param name="Answered">Those that got an answer.</param>
/// <param name="Dropped">Those that were due but not sent, because too many were in flight.</param>
/// <param name="Errors">Those without an answer, or with a status of 500 or above.</param>
internal sealed record TrafficFigures(long Answered, long Dropped, long Errors);
