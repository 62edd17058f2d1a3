using System.Collections.Frozen;
using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads the named entries of a section. Some names have a meaning of their own in YARP.</summary>
internal static class PolicyNames
{
    public const string Default = "default";
    public const string Disable = "disable";
    public const string Anonymous = "anonymous";
    private static readonly string[] Reserved = [Default, Disable, Anonymous];

    /// <summary>Whether a section has to define it.</summary>
    public static bool IsDefined(string? policy) =>
        policy is { Length: > 0 } && !Is(policy, Disable) && !Is(policy, Anonymous);

    public static bool Is(string? policy, string name) => name.Equals(policy, StringComparison.OrdinalIgnoreCase);

    /// <param name="section">The section; its members are the policies.</param>
    /// <param name="read">Reads a policy. Null if it has a fault.</param>
    /// <param name="faults">Where faults are added.</param>
    public static FrozenDictionary<string, TPolicy> Read<TPolicy>(
        IConfigurationSection section,
        Func<IConfigurationSection, TPolicy?> read,
        List<Fault> faults
    )
        where TPolicy : class
    {
        var policies = new Dictionary<string, TPolicy>(StringComparer.Ordinal);
        foreach (var policy in section.GetChildren())
        {
            if (Reserved.Any(name => Is(policy.Key, name)))
                faults.Add(
                    new Fault(policy.Path, $"YARP gives '{policy.Key}' a meaning of its own.", "Rename the policy.")
                );
            else if (read(policy) is { } found)
                policies[policy.Key] = found;
        }
        return policies.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
