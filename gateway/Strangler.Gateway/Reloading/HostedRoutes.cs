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
/// <param name="proxy">The section that the host gives YARP.</param>
/// <param name="sectionOf">The section of a route. One that doesn't exist, or null: it is plain YARP.</param>
/// <param name="responders">The projections. Null if they couldn't be loaded.</param>
/// <param name="model">What the configuration meant when the host started.</param>
internal sealed class HostedRoutes(
    IConfiguration configuration,
    IConfigurationSection proxy,
    Func<string, IConfigurationSection?> sectionOf,
    IReadOnlyList<IResponder>? responders,
    GatewayModel model,
    CurrentRoutes routes,
    ReloadState state,
    ReloadLog log
) : IProxyConfigFilter, IConfigChangeListener
{
    private static readonly string[] OfTheStart = ["Gateway", "Store", "Projections"];
    private readonly string[] _stamps = Stamps(configuration);
    private volatile FrozenDictionary<string, StranglerRouteModel> _coming = FrozenDictionary<
        string,
        StranglerRouteModel
    >.Empty;
    private volatile IReadOnlyList<Fault> _faults = [];
    private HostedRound? _last;
    private Fault? _notLoaded;

    public void ConfigurationLoaded(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        try
        {
            RouteConfig[] all = [.. proxyConfigs.SelectMany(config => config.Routes ?? [])];
            var (now, found) = GatewayConfigReader.ReadHosted(configuration, responders, all, sectionOf);
            List<Fault> faults = [.. found];
            // YARP keeps its routes then, and says nothing to anybody
            YarpConfigReader.Bind(proxy, faults);
            if (model.StoreConnection is null && now?.Routes.Any(route => route.Lookup is not null) == true)
                faults.Add(ReloadRules.StartedWithoutAStore);
            _coming = (now?.Routes ?? []).ToFrozenDictionary(route => route.RouteId, StringComparer.OrdinalIgnoreCase);
            _faults = faults;
        }
        // YARP requires that a listener throws nothing: the filter does
        catch (Exception exception)
        {
            _faults = [YarpFault.Of(proxy.Path, exception)];
        }
    }

    public ValueTask<ClusterConfig> ConfigureClusterAsync(ClusterConfig cluster, CancellationToken cancel) =>
        new(cluster);

    /// <exception cref="FaultException">
    /// The sections have faults; all of them are named.
    /// </exception>
    public ValueTask<RouteConfig> ConfigureRouteAsync(
        RouteConfig route,
        ClusterConfig? cluster,
        CancellationToken cancel
    )
    {
        if (_faults is { Count: > 0 } faults)
            throw new FaultException(faults);
        return new(_coming.GetValueOrDefault(route.RouteId) is { } section ? RouteMetadata.Add(route, section) : route);
    }

    /// <summary>YARP goes on with the provider's last configuration, and calls one of the two below.</summary>
    public void ConfigurationLoadingFailed(IProxyConfigProvider configProvider, Exception exception) =>
        _notLoaded = YarpFault.Of(proxy.Path, exception);

    public void ConfigurationApplyingFailed(IReadOnlyList<IProxyConfig> proxyConfigs, Exception exception)
    {
        _notLoaded = null;
        Keep(
            IsOurs(exception)
                ? _faults
                :
                [
                    YarpFault.Of(
                        proxy.Path,
                        exception is AggregateException several ? several.InnerExceptions[0] : exception
                    ),
                ]
        );
    }

    /// <summary>YARP calls this also if no provider could load anything: no filter has been asked then.</summary>
    public void ConfigurationApplied(IReadOnlyList<IProxyConfig> proxyConfigs)
    {
        if (_faults is { Count: > 0 } faults)
        {
            _notLoaded = null;
            Keep(faults);
            return;
        }
        routes.Take([.. _coming.Values]);
        if (_notLoaded is { } fault)
        {
            _notLoaded = null;
            Keep([fault]);
            return;
        }
        var now = Stamps(configuration);
        state.Applied([.. OfTheStart.Where((_, index) => now[index] != _stamps[index])]);
        if (IsNews(HostedRound.Applied(proxyConfigs, _coming.Values, state.Sentences)))
            log.WriteApplied(proxyConfigs.Sum(config => config.Routes?.Count ?? 0), _coming.Count);
    }

    private void Keep(IReadOnlyList<Fault> faults)
    {
        state.Kept(faults);
        if (IsNews(HostedRound.Kept(state.Sentences)))
            log.WriteKept();
    }

    /// <summary>The first round is the start.</summary>
    private bool IsNews(HostedRound round)
    {
        var isNews = _last is { } last && !last.IsLike(round);
        _last = round;
        return isNews;
    }

    private static string[] Stamps(IConfiguration configuration) =>
        [.. OfTheStart.Select(section => SectionStamp.Of(configuration.GetSection(section)))];

    /// <summary>YARP wraps what a filter throws.</summary>
    private static bool IsOurs(Exception? exception) =>
        exception switch
        {
            null => false,
            FaultException => true,
            AggregateException several => several.InnerExceptions.Any(IsOurs),
            _ => IsOurs(exception.InnerException),
        };
}
