using Strangler.Gateway.Configuration;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Lookup;

/// <summary>A route while it is served: what it means, its figures, and its guard.</summary>
internal sealed class GatewayRoute(StranglerRouteModel model, TimeProvider time)
{
    public StranglerRouteModel Model => model;

    public RouteStats Stats { get; } = new(time);

    public RespondGuard RespondGuard { get; } = new();
}
