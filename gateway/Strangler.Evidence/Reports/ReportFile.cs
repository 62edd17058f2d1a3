namespace Strangler.Evidence.Reports;

/// <summary>
/// What <c>strangler report</c> shows, and the content of its JSON; <c>report.schema.json</c> describes it.
/// </summary>
/// <param name="Format">Always <see cref="CurrentFormat"/>; a different structure has a different name.</param>
/// <param name="MadeAt">When it was read, by the gateway's clock.</param>
/// <param name="Lost">
/// Comparisons, drops and samples that this gateway couldn't store since it started. Their routes count them as lost,
/// and no other figure includes them.
/// </param>
/// <param name="Routes">A record for each route that has a projection, by the route's id.</param>
public sealed record ReportFile(string Format, DateTimeOffset MadeAt, long Lost, IReadOnlyList<EvidenceReport> Routes)
{
    public const string CurrentFormat = "strangler-report/1";
}
