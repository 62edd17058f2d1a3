using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// Has no routes, and changes after the host's configuration does: YARP then loads all of its routes again, also those
/// that come from code, whose sections may have changed. It is after everybody else who hears of the change, so that
/// YARP's own routes are those of the changed configuration too.
/// </summary>
internal sealed class SectionChanges(IConfiguration configuration) : IProxyConfigProvider
{
    public IProxyConfig GetConfig()
    {
        var changed = new CancellationTokenSource(); // not disposed: it holds no resources, and its token stays in use
        configuration.GetReloadToken().RegisterChangeCallback(_ => Task.Run(changed.Cancel), null);
        return new EmptyConfig(new CancellationChangeToken(changed.Token));
    }

    private sealed record EmptyConfig(IChangeToken ChangeToken) : IProxyConfig
    {
        public IReadOnlyList<RouteConfig> Routes => [];

        public IReadOnlyList<ClusterConfig> Clusters => [];
    }
}
