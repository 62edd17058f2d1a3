namespace Strangler.Demo.Show;

/// <summary>One side of the route.</summary>
/// <param name="Requests">Requests that it answered.</param>
/// <param name="P50Ms">Median; null without requests.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="CallsARequest">
/// The average number of requests that one request caused in the legacy system; null if none were counted.
/// </param>
/// <param name="Depth">Their deepest chain.</param>
public sealed record SideSummary(long Requests, double? P50Ms, double? P99Ms, double? CallsARequest, int? Depth);
