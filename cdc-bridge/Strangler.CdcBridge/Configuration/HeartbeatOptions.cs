namespace Strangler.CdcBridge.Configuration;

/// <summary>
/// Debezium's heartbeat records. That the slot moves on while tables are idle doesn't depend on them.
/// </summary>
internal sealed record HeartbeatOptions
{
    /// <summary>How often a record is written; zero for never (<c>heartbeat.interval.ms</c>).</summary>
    public TimeSpan Interval { get; init; }

    /// <summary>The topic is this, a delimiter and the topic prefix (<c>topic.heartbeat.prefix</c>).</summary>
    /// <value><c>__debezium-heartbeat</c>.</value>
    public string TopicPrefix { get; init; } = "__debezium-heartbeat";

    /// <summary>The whole name of the topic; null for one made with the prefix (<c>topic.heartbeat.name</c>).</summary>
    public string? TopicName { get; init; }

    /// <summary>A statement that the source runs with each heartbeat; null for none.</summary>
    public string? Query { get; init; }
}
