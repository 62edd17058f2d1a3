using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Strangler.Foundation.Faults;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Reads YARP's own configuration as YARP does, and reports the faults that YARP would find, before YARP runs.
/// </summary>
internal static class YarpConfigReader
{
    /// <param name="proxy">YARP's section.</param>
    /// <param name="policies">The policies to which routes may refer.</param>
    /// <param name="faults">What prevents the gateway from starting.</param>
    /// <param name="warnings">What YARP accepts, and answers with an error.</param>
    /// <returns>YARP's routes and clusters. Empty if the section can't be read.</returns>
    public static ProxyModel Read(
        IConfigurationSection proxy,
        PolicyModel policies,
        List<Fault> faults,
        List<Fault> warnings
    )
    {
        // YARP would use it as the route's id, and its section would be searched for elsewhere
        if (proxy.GetSection("Routes").GetChildren().Any(route => route["RouteId"] is not null))
        {
            faults.Add(
                new Fault(
                    $"{proxy.Path}:Routes",
                    "A route has a member 'RouteId'.",
                    "Leave it out: a route is named by the name of its section."
                )
            );
        }
        using var provider = Yarp(proxy);
        var read = Parse(provider, proxy, faults);
        if (read is null)
            return ProxyModel.Empty;

        if (read.Routes.Count == 0)
            faults.Add(
                new Fault(
                    $"{proxy.Path}:Routes",
                    "No route exists.",
                    "Add one, as described in YARP's documentation of its configuration."
                )
            );
        var validator = provider.GetRequiredService<IConfigValidator>();
        foreach (var route in read.Routes)
        {
            var path = $"{proxy.Path}:Routes:{route.RouteId}";
            // YARP knows the names of policies once the host has them
            var bare = route with
            {
                AuthorizationPolicy = null,
                CorsPolicy = null,
                RateLimiterPolicy = null,
                OutputCachePolicy = null,
            };
            Add(path, Wait(validator.ValidateRouteAsync(bare)));
            RoutePolicyFaults.Find(proxy.GetSection($"Routes:{route.RouteId}"), route, policies, faults);
        }
        foreach (var cluster in read.Clusters)
            Add($"{proxy.Path}:Clusters:{cluster.ClusterId}", Wait(validator.ValidateClusterAsync(cluster)));
        DestinationFaults.Find(proxy, read, faults, warnings);
        return new ProxyModel(read.Routes, read.Clusters);

        void Add(string path, IList<Exception> errors)
        {
            foreach (var error in errors)
                faults.Add(YarpFault.Of(path, error));
        }
    }

    /// <summary>Whether YARP can read the section at all, or why not.</summary>
    public static void Bind(IConfigurationSection proxy, List<Fault> faults)
    {
        using var provider = Yarp(proxy);
        Parse(provider, proxy, faults);
    }

    private static ServiceProvider Yarp(IConfigurationSection proxy)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRouting();
        services.AddReverseProxy().LoadFromConfig(proxy);
        return services.BuildServiceProvider();
    }

    private static IProxyConfig? Parse(ServiceProvider provider, IConfigurationSection proxy, List<Fault> faults)
    {
        try
        {
            return provider.GetRequiredService<IProxyConfigProvider>().GetConfig();
        }
        catch (Exception exception)
            when (exception is FormatException or InvalidOperationException or ArgumentException or OverflowException)
        {
            faults.Add(YarpFault.OfValue(proxy, exception));
            return null;
        }
    }

    /// <summary>YARP's validators only look at policies in memory, so this never blocks.</summary>
    private static IList<Exception> Wait(ValueTask<IList<Exception>> validation) =>
        validation.AsTask().GetAwaiter().GetResult();
}
