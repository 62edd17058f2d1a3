using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Lookup;

/// <summary>A route while it is served: its model, its figures, and its guard.</summary>
/// <param name="model">What its configuration means.</param>
/// <param name="stats">Its figures, which outlast a change of its configuration.</param>
/// <param name="fallback">What legacy gets of it because the lookup couldn't answer.</param>
internal sealed class GatewayRoute(StranglerRouteModel model, RouteStats stats, FallbackBudget fallback)
{
    public StranglerRouteModel Model => model;

    /// <summary>
    /// The stage in which it is served. Without a projection only the call graph can answer, regardless of the store.
    /// </summary>
    public Stage StageIn(StageTable stages) => model.Lookup is null ? Stage.Legacy : stages.StageOf(model.RouteId);

    public RouteStats Stats => stats;

    public RespondGuard RespondGuard { get; } = new();

    public FallbackBudget Fallback => fallback;
}
