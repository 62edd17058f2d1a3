using System.Collections.Frozen;
using System.Threading.Channels;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Shadowing;

/// <summary>The routes that can be compared: those with a projection, if the gateway knows the source.</summary>
internal sealed class ShadowRoutes
{
    private readonly GatewayRoutes _served;
    private readonly bool _hasSource;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Channel<ShadowRoute> _begun = Channel.CreateUnbounded<ShadowRoute>();
    private volatile FrozenDictionary<string, ShadowRoute> _routes = FrozenDictionary<string, ShadowRoute>.Empty;

    public ShadowRoutes(GatewayRoutes routes, GatewayModel model, TimeProvider time)
    {
        (_served, _hasSource, _time) = (routes, model.Source is not null, time);
        routes.Changed += Take;
        Take();
    }

    /// <summary>
    /// Each route once, also one that a change of the configuration begins. The workers take them, so no more wait here
    /// than routes begin while a worker starts.
    /// </summary>
    public ChannelReader<ShadowRoute> Begun => _begun.Reader;

    public ShadowRoute? Find(string routeId) => _routes.GetValueOrDefault(routeId);

    public IEnumerable<ShadowRoute> All => _routes.Values;

    /// <summary>
    /// A changed route begins with budgets and a queue of its own. What was sampled before is compared by the rules of
    /// that time.
    /// </summary>
    private void Take()
    {
        lock (_lock)
        {
            var before = _routes;
            _routes = (_hasSource ? _served.All : [])
                .Where(route => route.Model.Lookup is not null)
                .ToFrozenDictionary(
                    route => route.Model.RouteId,
                    route =>
                        before.GetValueOrDefault(route.Model.RouteId) is { } known && known.Route == route
                            ? known
                            : new ShadowRoute(
                                route,
                                route.Model.Lookup!,
                                before.GetValueOrDefault(route.Model.RouteId),
                                _time
                            ),
                    StringComparer.Ordinal
                );
            foreach (var route in _routes.Values.Except(before.Values))
                _begun.Writer.TryWrite(route);
            foreach (var route in before.Values.Except(_routes.Values))
                route.Close();
        }
    }
}
