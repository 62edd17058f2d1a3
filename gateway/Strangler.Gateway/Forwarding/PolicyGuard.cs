using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
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
    RequestDelegate next, EndpointDataSource endpoints, GatewayModel model, GatewayMetrics metrics)
{
    /// <summary>A path that may be read in more ways is made to be misread.</summary>
    private const int MostReadings = 64;

    /// <summary>One reference, so that it is swapped whole.</summary>
    private Tuple<IReadOnlyList<Endpoint>, RoutePath[]> _known = new([], []);

    public Task InvokeAsync(HttpContext context)
    {
        var routeId = context.GetReverseProxyFeature().Route.Config.RouteId;
        return IsWayAround(context, routeId)
            ? Refusal.AmbiguousPath.AnswerAsync(context, routeId, metrics)
            : next(context);
    }

    private bool IsWayAround(HttpContext context, string routeId)
    {
        var path = context.Request.Path.Value ?? "";
        var routes = Paths();
        if (!routes.Any(route => route.HasPolicy)) return false;
        if (!model.IsRaw(routeId))
        {
            // YARP removes dot segments, which the server leaves where an absolute form has them encoded.
            var removed = ServerPath.WithoutDotSegments(path);
            return removed != path && IsWayAround(path, removed, routes);
        }
        return IsWayAround(path, TargetTransform.TargetOf(context)?.Path ?? path, routes);
    }

    /// <param name="path">The path that routes are matched on.</param>
    /// <param name="raw">The one that legacy gets.</param>
    internal static bool IsWayAround(string path, string raw, IReadOnlyList<RoutePath> routes)
    {
        if (raw == path && !PathReadings.AreMany(raw)) return false;
        var readings = PathReadings.Of(raw);
        if (readings.Count > MostReadings) return true;
        foreach (var reading in readings.Where(reading => reading != path))
        {
            if (routes.All(route => route.MatchesAlike(path, reading))) continue;
            if (routes.Any(route => route.HasPolicy && (route.Matches(path) || route.Matches(reading)))) return true;
        }
        return false;
    }

    private RoutePath[] Paths()
    {
        var known = _known;
        var now = endpoints.Endpoints; // the same list until a configuration changes it
        if (ReferenceEquals(known.Item1, now)) return known.Item2;
        _known = new(now, [.. now.OfType<RouteEndpoint>().Select(endpoint => new RoutePath(endpoint))]);
        return _known.Item2;
    }
}
