namespace Strangler.Evidence.Reports;

/// <summary>
/// What <c>strangler report</c> shows, and what its JSON holds; <c>report.schema.json</c> beside this file describes
/// it.
/// </summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>; another shape has another name.</param>
/// <param name="MadeAt">When it was read, by the gateway's clock.</param>
/// <param name="Lost">
/// Comparisons, drops and samples that this gateway could not keep since it started. Their routes count them as lost,
/// and nothing else does.
/// </param>
/// <param name="Routes">A record for each route that has a projection, by the route's id.</param>
public sealed record ReportFile(string Format, DateTimeOffset MadeAt, long Lost, IReadOnlyList<EvidenceReport> Routes)
{
    public const string CurrentFormat = "strangler-report/1";
}
