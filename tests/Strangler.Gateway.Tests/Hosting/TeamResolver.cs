using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.ServiceDiscovery;

namespace Strangler.Gateway.Tests.Hosting;

/// <summary>A team's service discovery, which knows one service.</summary>
internal sealed class TeamResolver(string name, string address) : IDestinationResolver
{
    public ValueTask<ResolvedDestinationCollection> ResolveDestinationsAsync(
        IReadOnlyDictionary<string, DestinationConfig> destinations,
        CancellationToken cancellationToken
    ) =>
        new(
            new ResolvedDestinationCollection(
                destinations.ToDictionary(
                    one => one.Key,
                    one => one.Value.Address == name ? one.Value with { Address = address } : one.Value
                ),
                null
            )
        );
}
