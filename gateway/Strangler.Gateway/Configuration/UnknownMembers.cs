using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Finds members that a section doesn't have: a misspelt one would otherwise be silently ignored.</summary>
internal static class UnknownMembers
{
    public static void Find(IConfigurationSection section, IReadOnlyList<string> members, List<Fault> faults)
    {
        foreach (
            var child in section
                .GetChildren()
                .Where(child => !members.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
        )
        {
            faults.Add(
                new Fault(
                    child.Path,
                    $"The member '{child.Key}' doesn't exist here.",
                    $"The members are {Sentence.List(members)}."
                )
            );
        }
    }
}
