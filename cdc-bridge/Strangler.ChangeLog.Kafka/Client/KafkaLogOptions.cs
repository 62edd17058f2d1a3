namespace Strangler.ChangeLog.Kafka.Client;

/// <summary>Where the broker is and how the log uses it.</summary>
public sealed record KafkaLogOptions
{
    /// <summary>The property that every client needs: host and port of some brokers, separated by commas.</summary>
    public const string Servers = "bootstrap.servers";

    internal const string Section = "Log:Kafka";

    /// <summary>
    /// Properties of the clients, with the names of Java's clients or of librdkafka. Those for one role begin with
    /// <c>producer.</c>, <c>consumer.</c> or <c>admin.</c>; the others are for all.
    /// </summary>
    public required IReadOnlyDictionary<string, string> Properties { get; init; }

    /// <summary>Where a property is in the configuration, for people.</summary>
    /// <value>In the section <c>Log:Kafka</c>.</value>
    public Func<string, string> PathOf { get; init; } = static name => $"{Section}:{name}";

    /// <summary>How topics are created.</summary>
    public TopicCreation Topics { get; init; } = new();

    /// <summary>
    /// Whether retention deletes records from the topics whose names begin with the source's. They may have other
    /// readers, so it leaves them to the topics' own retention otherwise.
    /// </summary>
    /// <value>false.</value>
    public bool DeletesRecords { get; init; }

    /// <summary>How long the broker may take to answer a question.</summary>
    /// <value>30 s.</value>
    public TimeSpan RequestLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long the broker may confirm nothing of what was sent before the appender gives up:
    /// <c>producer.delivery.timeout.ms</c>.
    /// </summary>
    /// <value>2 minutes, as in Java's client.</value>
    public TimeSpan DeliveryLimit { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// Whether this is librdkafka's mock cluster: topics come into being when they are asked for, and no records can be
    /// deleted.
    /// </summary>
    internal bool IsMockCluster { get; init; }

    /// <summary>The broker's address, for people.</summary>
    public string Address => Properties.GetValueOrDefault(Servers, "");
}
