namespace Strangler.Demo.Show;

/// <summary>Comparison results of the demo, one verdict per compared key.</summary>
/// <param name="Verdicts">How often each verdict occurred, on all routes.</param>
/// <param name="Routes">By route.</param>
/// <param name="Doubts">Why keys were incomparable or undetermined, on all routes.</param>
/// <param name="Dropped">Why requests were not compared, on all routes.</param>
/// <param name="LookupP50Ms">The median time of look-ups for the compared requests of the shown route.</param>
/// <param name="LookupP99Ms">99th percentile.</param>
/// <param name="LateP50Ms">
/// The median time after legacy's answer at which a lookup on the shown route would have had it, too.
/// </param>
/// <param name="LateP99Ms">99th percentile.</param>
public sealed record ComparisonSummary(
    VerdictCounts Verdicts,
    IReadOnlyDictionary<string, VerdictCounts> Routes,
    IReadOnlyDictionary<string, long> Doubts,
    IReadOnlyDictionary<string, long> Dropped,
    double? LookupP50Ms,
    double? LookupP99Ms,
    double? LateP50Ms,
    double? LateP99Ms
)
{
    public static readonly ComparisonSummary None = Of([], null);

    /// <param name="routes">The latest readings of all routes.</param>
    /// <param name="shown">The route that is shown.</param>
    public static ComparisonSummary Of(IReadOnlyList<RouteStatus> routes, RouteStatus? shown) =>
        new(
            VerdictCounts.Of(routes),
            routes.ToDictionary(route => route.Route, route => route.Shadow.Verdicts),
            Sum(routes.Select(route => route.Shadow.Doubts)),
            Sum(routes.Select(route => route.Shadow.Dropped)),
            shown?.Shadow.Lookup.P50,
            shown?.Shadow.Lookup.P99,
            shown?.Shadow.Late.P50,
            shown?.Shadow.Late.P99
        );

    private static SortedDictionary<string, long> Sum(IEnumerable<IReadOnlyDictionary<string, long>> counts) =>
        new(
            counts
                .SelectMany(one => one)
                .GroupBy(one => one.Key)
                .ToDictionary(group => group.Key, group => group.Sum(one => one.Value)),
            StringComparer.Ordinal
        );
}
