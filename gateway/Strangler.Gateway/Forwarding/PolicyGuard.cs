using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Refuses a request whose raw path a legacy service might read as one that other routes match, where a policy of
/// authorization is at stake. Routes are matched on what the server made of the path, and legacy gets the
/// raw one: without this, <c>/open/..%2Flocked</c> would be let through as the one and answered as the other. Where
/// all readings match the same routes, the same one is chosen whatever legacy reads.
/// </summary>
internal sealed class PolicyGuard(
    RequestDelegate next,
    PolicyRoutes policies,
    GatewayModel model,
    GatewayMetrics metrics
)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (!policies.HavePolicies)
            return next(context);
        var routeId = context.GetReverseProxyFeature().Route.Config.RouteId;
        return IsWayAround(context, routeId)
            ? RequestRefusal.AmbiguousPath.AnswerAsync(context, routeId, metrics)
            : next(context);
    }

    private bool IsWayAround(HttpContext context, string routeId)
    {
        var path = context.Request.Path.Value ?? "";
        if (!model.IsRaw(routeId))
        {
            // YARP removes dot segments, which the server leaves where an absolute form has them encoded.
            var removed = ServerPath.WithoutDotSegments(path);
            return removed != path && policies.IsWayAround(path, removed);
        }
        return policies.IsWayAround(path, TargetTransform.TargetOf(context)?.Path ?? path);
    }
}
