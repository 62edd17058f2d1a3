using System.Collections.Frozen;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Lookup;

/// <summary>All routes with a <c>Strangler</c> section, by their id in YARP.</summary>
internal sealed class GatewayRoutes
{
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private volatile FrozenDictionary<string, GatewayRoute> _routes = FrozenDictionary<string, GatewayRoute>.Empty;

    public GatewayRoutes(CurrentRoutes routes, TimeProvider time)
    {
        _time = time;
        routes.Changed += () => Take(routes);
        Take(routes);
    }

    /// <summary>Raised after the routes have changed.</summary>
    public event Action? Changed;

    /// <summary>Null if the route is plain YARP.</summary>
    public GatewayRoute? Find(string routeId) => _routes.GetValueOrDefault(routeId);

    /// <summary>
    /// The route of a request. Null if it is plain YARP; or for a moment, if YARP has taken a change of its section
    /// that this gateway hasn't: legacy answers then.
    /// </summary>
    /// <param name="route">The route as YARP has it.</param>
    public GatewayRoute? Find(RouteConfig route) =>
        Find(route.RouteId) is { } found && RouteMetadata.StampOf(route) == found.Model.Stamp ? found : null;

    public IEnumerable<GatewayRoute> All =>
        _routes.Values.OrderBy(route => route.Model.RouteId, StringComparer.Ordinal);

    /// <summary>A route in which nothing changed stays the same object.</summary>
    private void Take(CurrentRoutes routes)
    {
        lock (_lock)
            _routes = Kept(routes, _routes);
        Changed?.Invoke();
    }

    private FrozenDictionary<string, GatewayRoute> Kept(
        CurrentRoutes routes,
        FrozenDictionary<string, GatewayRoute> before
    ) =>
        routes.All.ToFrozenDictionary(
            model => model.RouteId,
            model =>
                before.GetValueOrDefault(model.RouteId) is not { } known
                    ? new GatewayRoute(model, new RouteStats(_time), new FallbackBudget(model.Fallback, _time))
                : known.Model.IsLike(model) ? known
                : new GatewayRoute(model, known.Stats, new FallbackBudget(model.Fallback, _time)),
            StringComparer.OrdinalIgnoreCase
        );
}
