using System.Collections.Frozen;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// Gives YARP a configuration together with the <c>Strangler</c> sections of its routes. YARP takes all of it or
/// nothing; once it has, the sections take effect. 1. Mark each route with its section. 2. YARP validates and takes
/// them. 3. Take the sections.
/// </summary>
internal sealed class RouteReload(InMemoryConfigProvider provider, CurrentRoutes routes, TimeProvider time)
    : IProxyConfigFilter,
        IConfigChangeListener
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private volatile Change? _change;

    /// <summary>One call at a time.</summary>
    /// <returns>Why YARP refused it. Null if it is in effect.</returns>
    /// <exception cref="TimeoutException">YARP doesn't end.</exception>
    public async Task<Exception?> ApplyAsync(GatewayModel model, CancellationToken cancellationToken)
    {
        var change = new Change(model.Routes);
        _change = change;
        try
        {
            provider.Update(model.Proxy.Routes, model.Proxy.Clusters);
            return await change.Taken.Task.WaitAsync(Limit, time, cancellationToken);
        }
        finally
        {
            _change = null;
        }
    }

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
        new(cluster);

    public ValueTask<RouteConfig> ConfigureRouteAsync(
        RouteConfig route,
        ClusterConfig? cluster,
        CancellationToken cancel
    ) // 1.
    {
        var section = _change is { } change
            ? change.Sections.GetValueOrDefault(route.RouteId)
            : routes.Find(route.RouteId);
        return new(section is null ? route : RouteMetadata.Add(route, section));
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        _change?.Taken.TrySetResult(exception);

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs) { }

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception) =>
        _change?.Taken.TrySetResult(exception);

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (_change is not { } change)
            return; // the first one
        routes.Take(change.Models); // 3.
        change.Taken.TrySetResult(null);
    }

    private sealed class Change(IReadOnlyList<StranglerRouteModel> models)
    {
        public IReadOnlyList<StranglerRouteModel> Models => models;

        public FrozenDictionary<string, StranglerRouteModel> Sections { get; } =
            models.ToFrozenDictionary(model => model.RouteId, StringComparer.OrdinalIgnoreCase);

        public TaskCompletionSource<Exception?> Taken { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
