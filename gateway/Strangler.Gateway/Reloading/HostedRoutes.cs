using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Projections;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// Follows the configurations that a host gives YARP, from its files, its code or anywhere: each time, the sections of
/// all routes are read, YARP takes routes and sections together, or neither.
/// </summary>
/// <param name="configuration">The host's configuration.</param>
/// <param name="sectionOf">The section of a route. One that doesn't exist, or null: it is plain YARP.</param>
/// <param name="responders">The projections. Null if they couldn't be loaded.</param>
internal sealed class HostedRoutes(
    IConfiguration configuration,
    Func<string, IConfigurationSection?> sectionOf,
    IReadOnlyList<IResponder>? responders,
    CurrentRoutes routes,
    ReloadState state
) : IProxyConfigFilter, IConfigChangeListener
{
    private volatile FrozenDictionary<string, StranglerRouteModel> _coming = FrozenDictionary<
        string,
        StranglerRouteModel
    >.Empty;
    private IReadOnlyList<Fault> _faults = [];

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        try
        {
            RouteConfig[] all = [.. proxyConfigs.SelectMany(config => config.Routes ?? [])];
            var (model, faults) = GatewayConfigReader.ReadHosted(configuration, responders, all, sectionOf);
            _coming = (model?.Routes ?? []).ToFrozenDictionary(
                route => route.RouteId,
                StringComparer.OrdinalIgnoreCase
            );
            Volatile.Write(ref _faults, faults);
        }
        // YARP requires that a listener throws nothing: the filter does
        catch (Exception exception)
        {
            Volatile.Write(
                ref _faults,
                [new Fault(GatewayConfigReader.ProxySection, exception.Message, "Correct the configuration.")]
            );
        }
    }

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
        new(cluster);

    /// <exception cref="FaultException">
    /// The sections have faults. They are all in the first one that is thrown.
    /// </exception>
    public ValueTask<RouteConfig> ConfigureRouteAsync(
        RouteConfig route,
        ClusterConfig? cluster,
        CancellationToken cancel
    )
    {
        if (Interlocked.Exchange(ref _faults, []) is { Count: > 0 } faults)
        {
            state.Kept(faults);
            throw new FaultException(faults);
        }
        return new(_coming.GetValueOrDefault(route.RouteId) is { } section ? RouteMetadata.Add(route, section) : route);
    }

    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        state.Kept([Refused(exception)]);

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        if (!IsOurs(exception)) // those were said when they were found
            state.Kept([Refused(exception is AggregateException several ? several.InnerExceptions[0] : exception)]);
    }

    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        routes.Take([.. _coming.Values]);
        state.Applied([]);
    }

    /// <summary>YARP wraps what a filter throws.</summary>
    private static bool IsOurs(Exception? exception) =>
        exception switch
        {
            null => false,
            FaultException => true,
            AggregateException several => several.InnerExceptions.Any(IsOurs),
            _ => IsOurs(exception.InnerException),
        };

    private static Fault Refused(Exception exception) =>
        new(
            GatewayConfigReader.ProxySection,
            exception.Message,
            "Correct it as described in YARP's documentation of its configuration."
        );
}
