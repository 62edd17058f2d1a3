namespace Strangler.Demo.Show;

/// <summary>A route as the gateway's admin API shows it.</summary>
/// <param name="Route">Its id.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="Legacy">What the call graph answered.</param>
/// <param name="Lookup">What the lookup answered.</param>
/// <param name="Lag">The age of its projection's watermark; null before it has been built.</param>
/// <param name="Shadow">What comparing found.</param>
public sealed record RouteStatus(
    string Route,
    string Stage,
    SideStatus Legacy,
    SideStatus Lookup,
    TimeSpan? Lag,
    ShadowStatus Shadow
);

/// <summary>Who answered how many requests, and how quickly, in milliseconds; null where there was none.</summary>
/// <param name="Count">Requests since the start.</param>
/// <param name="PerSecond">Requests a second over the last seconds.</param>
/// <param name="RecentP50">Median of those.</param>
/// <param name="RecentP99">99th percentile of those.</param>
/// <param name="P50">Median since the start.</param>
/// <param name="P99">99th percentile since the start.</param>
public sealed record SideStatus(
    long Count,
    double PerSecond,
    double? RecentP50,
    double? RecentP99,
    double? P50,
    double? P99
)
{
    public static readonly SideStatus None = new(0, 0, null, null, null, null);
}
