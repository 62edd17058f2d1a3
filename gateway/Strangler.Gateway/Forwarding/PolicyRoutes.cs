using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Strangler.Gateway.Forwarding;

/// <summary>The routes of a gateway, if any of them has an authorization policy.</summary>
internal sealed class PolicyRoutes(EndpointDataSource endpoints)
{
    /// <summary>A path with more interpretations is crafted to be misread.</summary>
    private const int MaxInterpretations = 64;

    /// <summary>One reference, so that it is swapped atomically.</summary>
    private Tuple<IReadOnlyList<Endpoint>, RoutePath[]> _known = new([], []);

    /// <summary>Whether any route has a policy.</summary>
    public bool HavePolicies => Paths().Length > 0;

    /// <summary>
    /// Whether legacy might interpret a path as one that other routes match, which would bypass a policy of one of
    /// them.
    /// </summary>
    /// <param name="path">The decoded path.</param>
    /// <param name="raw">The path as sent to legacy.</param>
    public bool IsWayAround(string path, string raw)
    {
        var routes = Paths();
        if (routes.Length == 0 || (raw == path && !PathInterpretations.AreMany(raw)))
            return false;
        var readings = PathInterpretations.Of(raw);
        if (readings.Count > MaxInterpretations)
            return true;
        foreach (var reading in readings.Where(reading => reading != path))
        {
            if (routes.All(route => route.MatchesAlike(path, reading)))
                continue;
            if (routes.Any(route => route.HasPolicy && (route.Matches(path) || route.Matches(reading))))
                return true;
        }
        return false;
    }

    /// <summary>All routes. Empty if none has a policy.</summary>
    private RoutePath[] Paths()
    {
        var known = _known;
        var now = endpoints.Endpoints; // the same list until the configuration changes
        if (ReferenceEquals(known.Item1, now))
            return known.Item2;
        RoutePath[] paths = [.. now.OfType<RouteEndpoint>().Select(endpoint => new RoutePath(endpoint))];
        _known = new(now, paths.Any(path => path.HasPolicy) ? paths : []);
        return _known.Item2;
    }
}
