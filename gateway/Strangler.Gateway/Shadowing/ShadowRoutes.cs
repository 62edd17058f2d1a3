using System.Collections.Frozen;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Shadowing;

/// <summary>The routes that can be compared: those with a projection, if the gateway knows the source.</summary>
internal sealed class ShadowRoutes(GatewayRoutes routes, GatewayModel model, TimeProvider time)
{
    private readonly FrozenDictionary<string, ShadowRoute> _routes = (model.Source is null ? [] : routes.All)
        .Where(route => route.Model.Lookup is not null)
        .ToFrozenDictionary(
            route => route.Model.RouteId,
            route => new ShadowRoute(route, route.Model.Lookup!, time),
            StringComparer.Ordinal
        );

    public ShadowRoute? Find(string routeId) => _routes.GetValueOrDefault(routeId);

    public IEnumerable<ShadowRoute> All => _routes.Values;
}
