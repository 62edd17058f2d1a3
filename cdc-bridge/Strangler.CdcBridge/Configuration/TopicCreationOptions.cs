namespace Strangler.CdcBridge.Configuration;

/// <summary>How topics are created, as Kafka Connect creates those of a source connector.</summary>
/// <param name="Groups">In their order; the first that has a topic decides. Without 'default'.</param>
/// <param name="Default">For every other topic.</param>
internal sealed record TopicCreationOptions(IReadOnlyList<TopicCreationGroup> Groups, TopicCreationGroup Default)
{
    public TopicCreationGroup For(string topic) => Groups.FirstOrDefault(group => group.Has(topic)) ?? Default;
}
