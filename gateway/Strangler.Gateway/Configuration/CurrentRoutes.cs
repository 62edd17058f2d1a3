using System.Collections.Frozen;

namespace Strangler.Gateway.Configuration;

/// <summary>The routes with a <c>Strangler</c> section, as the configuration that is in effect has them.</summary>
internal sealed class CurrentRoutes(GatewayModel model)
{
    private volatile FrozenDictionary<string, StranglerRouteModel> _routes = Index(model.Routes);

    /// <summary>Raised after the configuration has changed.</summary>
    public event Action? Changed;

    public IReadOnlyCollection<StranglerRouteModel> All => _routes.Values;

    /// <summary>Null if the route has no section.</summary>
    public StranglerRouteModel? Find(string routeId) => _routes.GetValueOrDefault(routeId);

    /// <summary>Takes over a changed configuration.</summary>
    public void Take(IReadOnlyList<StranglerRouteModel> routes)
    {
        _routes = Index(routes);
        Changed?.Invoke();
    }

    private static FrozenDictionary<string, StranglerRouteModel> Index(IReadOnlyList<StranglerRouteModel> routes) =>
        routes.ToFrozenDictionary(route => route.RouteId, StringComparer.OrdinalIgnoreCase);
}
