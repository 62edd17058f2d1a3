using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Sessions;

/// <summary>Which writes concern routes with <c>Freshness: session</c>.</summary>
/// <param name="Projection">A projection of such a route, whose source is looked at.</param>
/// <param name="Hosts">The hosts of those routes, without ports. Null: any.</param>
/// <param name="Life">How long a token matters: until the documents of every such route have what it names.</param>
internal sealed record SessionScope(string Projection, IReadOnlyList<string>? Hosts, TimeSpan Life)
{
    private const string AnySubdomain = "*.";
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Null if no route has it.</summary>
    public static SessionScope? Of(IEnumerable<StranglerRouteModel> routes)
    {
        var sessions = routes.Where(route => route.Lookup?.Freshness.Mode == FreshnessMode.Session).ToList();
        if (sessions.Count == 0)
            return null;
        var isAnywhere = sessions.Exists(route => route.Route.Match.Hosts is null or { Count: 0 });
        return new SessionScope(
            sessions[0].Lookup!.Responder.Projection.Name,
            isAnywhere ? null : [.. sessions.SelectMany(route => route.Route.Match.Hosts!).Select(WithoutPort)],
            sessions.Max(route => route.Lookup!.MaxStaleness) + SessionRule.MaxSkew + Margin
        );
    }

    /// <summary>Whether a caller at this host may read such a route there.</summary>
    /// <param name="host">The request's host, without its port.</param>
    public bool Has(string host) =>
        Hosts is null
        || Hosts.Any(one =>
            one is "*"
            || one.Equals(host, StringComparison.OrdinalIgnoreCase)
            || one.StartsWith(AnySubdomain, StringComparison.Ordinal)
                && host.EndsWith(one[1..], StringComparison.OrdinalIgnoreCase)
        );

    /// <summary>The port of an address in brackets isn't the last of its colons.</summary>
    private static string WithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.EndsWith(']') ? host : host[..colon];
    }
}
