namespace Strangler.Evidence.Reports;

/// <summary>
/// What the route's promise about the age of answers costs, in milliseconds; null if nothing was measured. The figures
/// are those of the gateway that made the report, since it started.
/// </summary>
/// <param name="Promise">The route's <c>Freshness</c>: <c>session</c> or <c>strict</c>.</param>
/// <param name="Waits">Requests that waited for documents, however that ended.</param>
/// <param name="WaitP50">The median of their waits.</param>
/// <param name="WaitP99">The 99th percentile.</param>
/// <param name="Held">Answers of legacy that were held to give their caller a token.</param>
/// <param name="HeldP50">The median of these.</param>
/// <param name="HeldP99">The 99th percentile.</param>
public sealed record FreshnessReport(
    string Promise,
    long Waits,
    double? WaitP50,
    double? WaitP99,
    long Held,
    double? HeldP50,
    double? HeldP99
);
