using Strangler.Evidence.Reports;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Admin;

/// <summary>Live figures of a route, separately for both sides.</summary>
public sealed record RouteStatsReport(
    string Route,
    string Stage,
    SideFigures Lookup,
    SideFigures Legacy,
    long Refused,
    IReadOnlyDictionary<string, long> Reasons,
    ShadowFigures Shadow
)
{
    /// <summary>The route's guard. Null: this gateway hasn't looked yet.</summary>
    public GuardReport? Guard { get; init; }

    /// <summary>Requests that got 503, by the limit that protects legacy.</summary>
    public IReadOnlyDictionary<string, long> RefusedBy { get; init; } = new Dictionary<string, long>();

    /// <summary>Requests for which the projection asks legacy, by its reasons.</summary>
    public IReadOnlyDictionary<string, long> AskLegacy { get; init; } = new Dictionary<string, long>();

    /// <summary>Comparisons of requests that the lookup answered.</summary>
    public ShadowFigures? Recheck { get; init; }

    /// <summary>
    /// How long requests waited for what the route's <c>Freshness</c> promises, which is part of their durations.
    /// </summary>
    public SideFigures? Freshness { get; init; }

    /// <summary>
    /// How long answers of legacy were held to give their caller a token, which <c>Freshness: session</c> costs.
    /// </summary>
    public SideFigures? Held { get; init; }
}
