namespace Shop.Traffic;

/// <summary>Requests of one kind in a second, or in total.</summary>
/// <param name="Errors">No answer, or a status of 500 or above.</param>
internal sealed record TrafficReport(
    long Sent,
    long Answered,
    long Dropped,
    long Errors,
    double? P50Ms,
    double? P99Ms,
    IReadOnlyDictionary<string, long> Statuses
);
