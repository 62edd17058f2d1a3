using Strangler.Foundation.Patterns;

namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>How topics are created whose names match, as Connect's <c>topic.creation.GROUP.*</c> says it.</summary>
public sealed record TopicGroup
{
    /// <summary>Regular expressions of whole names.</summary>
    public IReadOnlyList<JavaPattern> Include { get; init; } = [];

    /// <summary>Of those, the ones that don't belong to the group.</summary>
    public IReadOnlyList<JavaPattern> Exclude { get; init; } = [];

    /// <summary>-1: the broker's default.</summary>
    public int Partitions { get; init; } = -1;

    /// <summary>-1: the broker's default.</summary>
    public short ReplicationFactor { get; init; } = -1;

    /// <summary>The topic's own configuration, such as <c>cleanup.policy</c>.</summary>
    public IReadOnlyDictionary<string, string> Configs { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether a topic belongs to the group.</summary>
    public bool Has(string topic) =>
        Include.Any(pattern => pattern.IsMatch(topic)) && !Exclude.Any(pattern => pattern.IsMatch(topic));
}
