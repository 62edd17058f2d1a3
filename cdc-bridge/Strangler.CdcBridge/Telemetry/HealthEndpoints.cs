using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>
/// A bridge's health: <c>GET /health</c>, which always answers 200, <c>GET /health/live</c> and <c>GET
/// /health/ready</c>, which answer 503 while it isn't. The report is the same.
/// </summary>
public static class HealthEndpoints
{
    internal static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <param name="endpoints">Where they are added.</param>
    /// <param name="monitor">The bridge.</param>
    /// <param name="hasDetails">Whether sentences are shown, which may name servers and tables.</param>
    public static IEndpointRouteBuilder MapHealth(
        this IEndpointRouteBuilder endpoints,
        BridgeMonitor monitor,
        bool hasDetails
    )
    {
        endpoints.MapGet("/health", () => Answer(static _ => true));
        endpoints.MapGet("/health/live", () => Answer(static report => report.IsLive));
        endpoints.MapGet("/health/ready", () => Answer(static report => report.IsReady));
        return endpoints;

        JsonHttpResult<BridgeHealthReport> Answer(Func<BridgeHealthReport, bool> isWell)
        {
            var report = BridgeHealthReport.Of(monitor, TimeProvider.System.GetUtcNow(), hasDetails);
            return TypedResults.Json(
                report,
                Options,
                statusCode: isWell(report) ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable
            );
        }
    }
}
