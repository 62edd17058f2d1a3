using Strangler.Gateway.Configuration;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Reloading;

/// <summary>
/// What came of one look of YARP at all of a host's providers. For one change of a file it may look several times: a
/// look with the same result as the one before isn't news.
/// </summary>
internal sealed class HostedRound
{
    private readonly IReadOnlyList<object> _parts;

    private HostedRound(IReadOnlyList<object> parts) => _parts = parts;

    /// <param name="configurations">
    /// What the providers give. It is compared by value, since one may read again what hasn't changed.
    /// </param>
    /// <param name="routes">The routes with their sections.</param>
    /// <param name="late">What takes effect later.</param>
    public static HostedRound Applied(
        IReadOnlyList<IProxyConfig> configurations,
        IEnumerable<StranglerRouteModel> routes,
        IReadOnlyList<string> late
    ) =>
        new([
            .. configurations.SelectMany(one => one.Routes ?? []),
            .. configurations.SelectMany(one => one.Clusters ?? []),
            .. routes.Select(route => $"{route.RouteId} {route.Stamp}").Order(StringComparer.Ordinal),
            .. late,
        ]);

    public static HostedRound Kept(IReadOnlyList<string> sentences) => new([.. sentences]);

    public bool IsLike(HostedRound other) => _parts.SequenceEqual(other._parts);
}
