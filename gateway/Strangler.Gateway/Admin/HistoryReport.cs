namespace Strangler.Gateway.Admin;

/// <summary>The newest changes of a route's stage, newest first.</summary>
public sealed record HistoryReport(string Route, IReadOnlyList<StageChangeReport> Changes);
