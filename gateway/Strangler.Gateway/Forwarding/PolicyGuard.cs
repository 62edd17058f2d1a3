using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Refuses a request whose raw path a legacy service might interpret as one that other routes match, if an
/// authorization policy is at stake. Routes are matched against the path that the server decoded, but legacy gets the
/// raw one: without this, <c>/open/..%2Flocked</c> would be allowed as one path and answered as the other. If all
/// interpretations match the same routes, the same route is chosen for each of them.
/// </summary>
internal sealed class PolicyGuard(PolicyRoutes policies, GatewayModel model, GatewayMetrics metrics)
{
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (!policies.HavePolicies)
            return next(context);
        var route = RouteMetadata.RouteOf(context).Config;
        return IsWayAround(context, route)
            ? RequestRefusal.AmbiguousPath.AnswerAsync(context, route.RouteId, metrics)
            : next(context);
    }

    private bool IsWayAround(HttpContext context, RouteConfig route)
    {
        var path = context.Request.Path.Value ?? "";
        if (!RouteMetadata.IsRaw(route, model.RawTarget))
        {
            // YARP removes dot segments, which the server leaves if they are encoded in an absolute form.
            var removed = ServerPath.WithoutDotSegments(path);
            return removed != path && policies.IsWayAround(path, removed);
        }
        return policies.IsWayAround(path, TargetTransform.TargetOf(context)?.Path ?? path);
    }
}
