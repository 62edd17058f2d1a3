using System.Collections.Frozen;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Lookup;

/// <summary>All routes with a <c>Strangler</c> section, by their id in YARP.</summary>
internal sealed class GatewayRoutes(GatewayModel model, TimeProvider time)
{
    private readonly FrozenDictionary<string, GatewayRoute> _routes = model.Routes.ToFrozenDictionary(
        route => route.RouteId,
        route => new GatewayRoute(route, time),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Null if the route is plain YARP.</summary>
    public GatewayRoute? Find(string routeId) => _routes.GetValueOrDefault(routeId);

    public IEnumerable<GatewayRoute> All =>
        _routes.Values.OrderBy(route => route.Model.RouteId, StringComparer.Ordinal);
}
