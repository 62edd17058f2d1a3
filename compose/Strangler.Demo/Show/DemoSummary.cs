using System.Text.Json;

namespace Strangler.Demo.Show;

/// <summary>
/// What the demo saw, as <c>--json</c> writes it. Times in milliseconds and seconds as the names say.
/// </summary>
/// <param name="Route">The route that was taken over.</param>
/// <param name="Items">How many items the shop had.</param>
/// <param name="Seconds">How long there was traffic.</param>
/// <param name="Stages">The stages that the route stood in, in order.</param>
/// <param name="Requests">Requests to the route.</param>
/// <param name="Dropped">Requests, reads and writes, that were due but not sent, since too many were under way.</param>
/// <param name="Errors">Requests, reads and writes, that failed.</param>
/// <param name="Before">While the call graph answered.</param>
/// <param name="After">While the lookup did.</param>
/// <param name="Writes">Writes that went through.</param>
/// <param name="WritesPerSecond">
/// On the average over the whole time of the traffic, its slow start and what was caught up later included.
/// </param>
/// <param name="WritesAskedPerSecond">How many there were to be.</param>
/// <param name="LagP50Seconds">Median of the watermark's age.</param>
/// <param name="LagMaxSeconds">Its highest.</param>
/// <param name="Comparison">What comparing found, on all routes.</param>
/// <param name="Refused">
/// The routes that their gate kept in stage shadow, with its words; none where all continued.
/// </param>
/// <param name="Fault">What became of the mistake that was planted; null: none was.</param>
public sealed record DemoSummary(
    string Route,
    int Items,
    double Seconds,
    IReadOnlyList<StageSpan> Stages,
    long Requests,
    long Dropped,
    long Errors,
    SideSummary Before,
    SideSummary After,
    long Writes,
    double WritesPerSecond,
    int WritesAskedPerSecond,
    double? LagP50Seconds,
    double? LagMaxSeconds,
    ComparisonSummary Comparison,
    IReadOnlyDictionary<string, IReadOnlyList<string>> Refused,
    FaultSummary? Fault
)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Indented) + "\n";
}

/// <summary>A stage, and from which second of the traffic on.</summary>
public sealed record StageSpan(string Stage, double FromSecond);

/// <summary>One side of the route.</summary>
/// <param name="Requests">Requests that it answered.</param>
/// <param name="P50Ms">Median; null without requests.</param>
/// <param name="P99Ms">99th percentile.</param>
/// <param name="CallsARequest">
/// Requests that one request set going in the legacy system, on the average of those counted; null where none was
/// counted.
/// </param>
/// <param name="Depth">The deepest chain of them.</param>
public sealed record SideSummary(long Requests, double? P50Ms, double? P99Ms, double? CallsARequest, int? Depth);
