using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Finds routes and clusters that YARP accepts and can't send requests to. Legacy answers a route with a
/// <c>Strangler</c> section whenever the lookup can't, so there it is a fault. Elsewhere YARP answers as it would
/// without us, and a person should know.
/// </summary>
internal static class DestinationFaults
{
    /// <param name="proxy">YARP's section.</param>
    /// <param name="config">What YARP has read of it.</param>
    /// <param name="faults">What prevents the gateway from starting.</param>
    /// <param name="warnings">What doesn't.</param>
    public static void Find(IConfigurationSection proxy, IProxyConfig config, List<Fault> faults, List<Fault> warnings)
    {
        var clusters = config.Clusters.Select(cluster => cluster.ClusterId).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var needed = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var route in config.Routes)
        {
            var section = proxy.GetSection($"Routes:{route.RouteId}");
            var isOurs = section.GetSection("Strangler").Exists();
            if (isOurs && route.ClusterId is not null)
                needed.Add(route.ClusterId);
            if (Of(section, route, clusters) is { } fault)
                (isOurs ? faults : warnings).Add(fault);
        }
        foreach (var cluster in config.Clusters)
        {
            var section = proxy.GetSection($"Clusters:{cluster.ClusterId}");
            (needed.Contains(cluster.ClusterId) ? faults : warnings).AddRange(Of(section, cluster));
        }
    }

    private static Fault? Of(IConfigurationSection section, RouteConfig route, HashSet<string> clusters) =>
        route.ClusterId is null ? new Fault($"{section.Path}:ClusterId", "The route names no cluster.", Known(clusters))
        : clusters.Contains(route.ClusterId) ? null
        : new Fault($"{section.Path}:ClusterId", $"The cluster '{route.ClusterId}' does not exist.", Known(clusters));

    private static IEnumerable<Fault> Of(IConfigurationSection section, ClusterConfig cluster)
    {
        if (cluster.Destinations is not { Count: > 0 } destinations)
        {
            yield return new Fault(
                $"{section.Path}:Destinations",
                "The cluster has no destination.",
                "Add one with its 'Address'."
            );
            yield break;
        }
        foreach (var (name, destination) in destinations)
        {
            if (IsAddress(destination.Address))
                continue;
            yield return new Fault(
                $"{section.Path}:Destinations:{name}:Address",
                $"'{destination.Address}' is not an address that requests can be sent to.",
                "Write it as in 'http://127.0.0.1:9000/'."
            );
        }
    }

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static string Known(HashSet<string> clusters) =>
        clusters.Count == 0
            ? "Add it under 'ReverseProxy:Clusters'."
            : $"The clusters are {Sentence.List(clusters.Order(StringComparer.Ordinal))}.";
}
