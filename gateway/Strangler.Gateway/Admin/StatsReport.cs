namespace Strangler.Gateway.Admin;

/// <summary>Live figures of all routes.</summary>
public sealed record StatsReport(IReadOnlyList<RouteStatsReport> Routes);
