using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>YARP's part of the configuration, as YARP reads it.</summary>
internal sealed record ProxyModel(IReadOnlyList<RouteConfig> Routes, IReadOnlyList<ClusterConfig> Clusters)
{
    public static readonly ProxyModel Empty = new([], []);
}
