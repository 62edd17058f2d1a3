using System.Text.Json;

namespace Strangler.Demo.Show;

/// <summary>
/// The demo's results, as <c>--json</c> writes them. Times are in milliseconds or seconds, as the names say.
/// </summary>
/// <param name="Route">The route that was taken over.</param>
/// <param name="Items">How many items the shop had.</param>
/// <param name="Seconds">How long traffic ran.</param>
/// <param name="Stages">The route's stages, in order.</param>
/// <param name="Requests">Requests to the route.</param>
/// <param name="Dropped">Reads and writes that were due but not sent, because too many were in flight.</param>
/// <param name="Errors">Reads and writes that failed.</param>
/// <param name="Before">While the call graph answered.</param>
/// <param name="After">While the lookup answered.</param>
/// <param name="Writes">Successful writes.</param>
/// <param name="WritesPerSecond">
/// The average over the whole time of the traffic, including its slow start and what was caught up later.
/// </param>
/// <param name="WritesAskedPerSecond">The requested rate.</param>
/// <param name="LagP50Seconds">Median of the watermark's age.</param>
/// <param name="LagMaxSeconds">The maximum.</param>
/// <param name="Comparison">Comparison results, on all routes, until what the guard is shown with.</param>
/// <param name="Refused">
/// The routes that their gate kept in stage shadow, with its messages; empty if all advanced.
/// </param>
/// <param name="Fault">The result for the planted mistake; null: none was planted.</param>
/// <param name="Guard">How a guard took a route back at the end; null: that wasn't shown.</param>
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
    FaultSummary? Fault,
    GuardSummary? Guard
)
{
    private static readonly JsonSerializerOptions Indented = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public string ToJson() => JsonSerializer.Serialize(this, Indented) + "\n";
}
