using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>A team's own source of routes.</summary>
internal sealed class TeamProvider(Func<IReadOnlyList<RouteConfig>> routes) : IProxyConfigProvider, IDisposable
{
    private CancellationTokenSource _changed = new();

    public IProxyConfig GetConfig()
    {
        _changed = new CancellationTokenSource();
        return new Configuration(routes(), new CancellationChangeToken(_changed.Token));
    }

    public void Change() => _changed.Cancel();

    public void Dispose() => _changed.Dispose();

    private sealed class Configuration(IReadOnlyList<RouteConfig> routes, IChangeToken change) : IProxyConfig
    {
        public IReadOnlyList<RouteConfig> Routes => routes;

        public IReadOnlyList<ClusterConfig> Clusters => [];

        public IChangeToken ChangeToken => change;
    }
}
