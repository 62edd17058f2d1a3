namespace Strangler.Demo.Show;

/// <summary>How many requests one side answered, and how quickly, in milliseconds; null if there were none.</summary>
/// <param name="Count">Requests since the start.</param>
/// <param name="PerSecond">Requests per second over the last seconds.</param>
/// <param name="RecentP50">Their median.</param>
/// <param name="RecentP99">Their 99th percentile.</param>
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
