using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// Finds policies of a route that the configuration doesn't define. With one of them, every request of the route would
/// fail, or the policy would silently do nothing.
/// </summary>
internal static class RoutePolicyFaults
{
    /// <param name="section">The route's section.</param>
    /// <param name="route">What YARP has read of it.</param>
    /// <param name="policies">The policies that are defined.</param>
    /// <param name="faults">Where faults are added.</param>
    public static void Find(IConfigurationSection section, RouteConfig route, PolicyModel policies, List<Fault> faults)
    {
        if (PolicyNames.Is(route.AuthorizationPolicy, PolicyNames.Default))
        {
            if (policies.Schemes.Names.Count == 0)
                Add(
                    nameof(route.AuthorizationPolicy),
                    "Nobody can show who they are.",
                    PolicyConfigReader.Configured(policies.Schemes)
                );
        }
        else if (!PolicyNames.Is(route.AuthorizationPolicy, PolicyNames.Anonymous))
            Known(nameof(route.AuthorizationPolicy), route.AuthorizationPolicy, policies.Access.Keys, "Authorization");

        if (PolicyNames.Is(route.CorsPolicy, PolicyNames.Default))
        {
            if (policies.DefaultCors is null)
                Add(nameof(route.CorsPolicy), "The default policy isn't defined.", "Define it in 'Cors:Default'.");
        }
        else if (!PolicyNames.Is(route.CorsPolicy, PolicyNames.Disable))
            Known(nameof(route.CorsPolicy), route.CorsPolicy, policies.Cors.Keys, "Cors");

        if (PolicyNames.Is(route.RateLimiterPolicy, PolicyNames.Default))
            Add(
                nameof(route.RateLimiterPolicy),
                "In YARP it is the limit of all requests, and the gateway has none.",
                "Name a policy of 'RateLimiter:Policies', or leave it out."
            );
        else if (!PolicyNames.Is(route.RateLimiterPolicy, PolicyNames.Disable))
            Known(nameof(route.RateLimiterPolicy), route.RateLimiterPolicy, policies.RateLimits.Keys, "RateLimiter");

        Known(nameof(route.OutputCachePolicy), route.OutputCachePolicy, policies.Cache.Policies.Keys, "OutputCache");

        void Known(string member, string? policy, IEnumerable<string> known, string where)
        {
            if (string.IsNullOrEmpty(policy) || known.Contains(policy))
                return;
            Add(
                member,
                $"The gateway has no policy '{policy}'.",
                $"Define it in '{where}:Policies:{policy}', in the same upper and lower case, or leave it out. "
                    + YarpFault.InCode
            );
        }

        void Add(string member, string problem, string wayOut) =>
            faults.Add(new Fault($"{section.Path}:{member}", problem, wayOut));
    }
}
