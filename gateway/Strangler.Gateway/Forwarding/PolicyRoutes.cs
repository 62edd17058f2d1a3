using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Strangler.Gateway.Forwarding;

/// <summary>The routes of a gateway, as far as a policy of authorization is at stake before any of them.</summary>
internal sealed class PolicyRoutes(EndpointDataSource endpoints)
{
    /// <summary>A path that may be read in more ways is made to be misread.</summary>
    private const int MaxInterpretations = 64;

    /// <summary>One reference, so that it is swapped whole.</summary>
    private Tuple<IReadOnlyList<Endpoint>, RoutePath[]> _known = new([], []);

    /// <summary>Whether a policy stands before any route.</summary>
    public bool HavePolicies => Paths().Length > 0;

    /// <summary>
    /// Whether legacy might read a path as one that other routes match, so that a policy before one of them would be
    /// walked around.
    /// </summary>
    /// <param name="path">The path that is meant.</param>
    /// <param name="raw">How legacy gets it.</param>
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

    /// <summary>All routes; none where no policy stands before any.</summary>
    private RoutePath[] Paths()
    {
        var known = _known;
        var now = endpoints.Endpoints; // the same list until a configuration changes it
        if (ReferenceEquals(known.Item1, now))
            return known.Item2;
        RoutePath[] paths = [.. now.OfType<RouteEndpoint>().Select(endpoint => new RoutePath(endpoint))];
        _known = new(now, paths.Any(path => path.HasPolicy) ? paths : []);
        return _known.Item2;
    }
}
