namespace Strangler.Gateway.Telemetry;

/// <summary>
/// Figures of one side of a route. Times are milliseconds from the request's head to the answer's last byte; null if
/// there was no request.
/// </summary>
/// <param name="Count">Requests since the gateway started.</param>
/// <param name="PerSecond">Requests a second over the last ten full seconds.</param>
/// <param name="RecentP50">Median of those.</param>
/// <param name="RecentP99">99th percentile of those.</param>
/// <param name="P50">Median since the start.</param>
/// <param name="P99">99th percentile since the start.</param>
public sealed record SideFigures(
    long Count,
    double PerSecond,
    double? RecentP50,
    double? RecentP99,
    double? P50,
    double? P99
);
