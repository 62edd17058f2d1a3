namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>
/// How topics are created: a topic is created as the first group says that includes it, else as the default says.
/// </summary>
public sealed record TopicCreation
{
    /// <summary>
    /// Whether topics of records are created at all: a worker's <c>topic.creation.enable</c>. The control topic always
    /// is.
    /// </summary>
    /// <value>true.</value>
    public bool IsEnabled { get; init; } = true;

    /// <summary>Connect's <c>topic.creation.default.*</c>.</summary>
    public TopicGroup Default { get; init; } = new();

    /// <summary>In the order of <c>topic.creation.groups</c>.</summary>
    public IReadOnlyList<TopicGroup> Groups { get; init; } = [];

    /// <summary>The group of a topic.</summary>
    public TopicGroup For(string topic) => Groups.FirstOrDefault(group => group.Has(topic)) ?? Default;
}
