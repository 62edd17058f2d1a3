using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Strangler.CdcBridge.Configuration;

/// <summary>How topics are created whose whole names match (<c>topic.creation.GROUP.*</c>).</summary>
/// <param name="Name">The group.</param>
/// <param name="Included">A topic belongs to the group if one of them matches; empty in the group 'default'.</param>
/// <param name="Excluded">And none of these.</param>
/// <param name="ReplicationFactor">-1 for the broker's own.</param>
/// <param name="Partitions">-1 for the broker's own.</param>
/// <param name="Settings">The topic's further settings, such as <c>cleanup.policy</c>.</param>
internal sealed record TopicCreationGroup(
    string Name,
    IReadOnlyList<Regex> Included,
    IReadOnlyList<Regex> Excluded,
    short ReplicationFactor,
    int Partitions,
    ImmutableSortedDictionary<string, string> Settings
)
{
    public bool Has(string topic) =>
        Included.Any(one => one.IsMatch(topic)) && !Excluded.Any(one => one.IsMatch(topic));
}
