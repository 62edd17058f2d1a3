using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// Has no routes, and changes when the host's configuration does: YARP then loads all of its routes again, also those
/// that come from code, whose sections may have changed.
/// </summary>
internal sealed class SectionChanges(IConfiguration configuration) : IProxyConfigProvider
{
    public IProxyConfig GetConfig() => new EmptyConfig(configuration.GetReloadToken());

    private sealed record EmptyConfig(IChangeToken ChangeToken) : IProxyConfig
    {
        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters => [];
    }
}
