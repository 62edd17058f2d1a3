using Strangler.Foundation.Faults;
using Strangler.Gateway.Http;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Finds routes whose configuration shows that callers identify themselves, and that a lookup would answer without
/// checking that. The gate refuses them once such requests have come; this warns before anybody compares for a week.
/// </summary>
internal static class AccessWarnings
{
    private const string ClientCert = "ClientCert";

    /// <param name="path">The path of the route's section.</param>
    /// <param name="route">The route in YARP's configuration.</param>
    /// <param name="model">The meaning of its own section.</param>
    public static Fault? Find(string path, RouteConfig route, StranglerRouteModel model)
    {
        if (model.Lookup is not { } lookup || model.Gate.SaysWhoMaySee || Shown(route, lookup) is not { } shown)
            return null;
        return new Fault(
            $"{path}:{nameof(StranglerRouteConfig.Anonymous)}",
            $"{shown}, and a lookup doesn't check who asks: everybody would see what legacy shows only to some, so the "
                + "gate will refuse 'lookup'.",
            "Set it to true only if everybody may see all answers of the route; else give the route an "
                + "'AuthorizationPolicy' or 'AuthorizeBy', or leave 'Projection' out."
        );
    }

    private static string? Shown(RouteConfig route, RouteLookupModel lookup)
    {
        if (
            route
                .Match.Headers?.Select(header => header.Name)
                .FirstOrDefault(name => CredentialHeaders.Find(name) is not null) is
            { } header
        )
            return $"The route takes requests by their header '{header}'";
        if (route.Transforms?.Any(transform => transform.ContainsKey(ClientCert)) == true)
            return $"The transform '{ClientCert}' tells legacy the caller's certificate";
        return
            lookup.Query.FirstOrDefault(name =>
                CredentialHeaders.QueryParameters.Contains(name, StringComparer.OrdinalIgnoreCase)
            )
                is { } query
            ? $"'Query' declares '{query}', which usually says who asks"
            : null;
    }
}
