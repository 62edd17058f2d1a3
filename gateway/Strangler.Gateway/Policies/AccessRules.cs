using System.Security.Claims;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Policies;

/// <summary>Whether a caller has what a policy needs. Pure.</summary>
internal static class AccessRules
{
    private static readonly string[] RoleTypes = [ClaimTypes.Role, "role", "roles"];

    /// <summary>A token has several values of these in one claim, separated by spaces (RFC 8693, 4.2).</summary>
    private static readonly string[] SpacedTypes = ["scope", "scp"];

    public static bool Allows(AccessPolicyModel policy, ClaimsPrincipal caller) =>
        (
            policy.Roles.Count == 0
            || RoleTypes.SelectMany(type => Values(caller, type)).Any(role => policy.Roles.Contains(role))
        ) && policy.Claims.All(needed => Has(caller, needed.Key, needed.Value));

    private static bool Has(ClaimsPrincipal caller, string type, IReadOnlyList<string> values) =>
        Values(caller, type).Any(value => values.Count == 0 || values.Contains(value));

    private static IEnumerable<string> Values(ClaimsPrincipal caller, string type) =>
        caller
            .Claims.Where(claim => claim.Type == type)
            .SelectMany(claim =>
                SpacedTypes.Contains(type)
                    ? claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                    : (string[])[claim.Value]
            );
}
