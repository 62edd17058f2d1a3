namespace Shop.Traffic;

/// <summary>A line of the generator's output.</summary>
/// <param name="Total">The whole run.</param>
/// <param name="Items">
/// The items whose availability was requested since the previous line, including duplicates; null unless enabled.
/// </param>
internal sealed record TrafficLine(
    double Second,
    bool Total,
    TrafficReport Reads,
    TrafficReport Writes,
    IReadOnlyList<string>? Items
);
