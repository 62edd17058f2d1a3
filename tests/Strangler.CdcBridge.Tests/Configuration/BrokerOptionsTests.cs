using Xunit;
using static Strangler.CdcBridge.Tests.Configuration.ConnectorProperties;

namespace Strangler.CdcBridge.Tests.Configuration;

/// <summary>What a worker's file and a connector say about Kafka.</summary>
public sealed class BrokerOptionsTests
{
    [Fact]
    public void Read_Worker_GivesEachClientItsProperties()
    {
        var brokers = Read(
            ("Kafka:bootstrap.servers", "k1:9092, SASL_SSL://k2:9093"),
            ("Kafka:security.protocol", "SASL_SSL"),
            ("Kafka:sasl.mechanism", "PLAIN"),
            ("Kafka:producer.compression.type", "lz4"),
            ("Kafka:producer.linger.ms", "5"),
            ("producer.override.linger.ms", "10"),
            ("Kafka:consumer.fetch.min.bytes", "1"),
            ("Kafka:admin.retries", "3"),
            ("Kafka:group.id", "connect")
        ).Brokers!;

        Assert.Equal("k1:9092, SASL_SSL://k2:9093", brokers.Servers);
        Assert.Equal(["sasl.mechanism=PLAIN", "security.protocol=SASL_SSL"], Lines(brokers.Client));
        Assert.Equal(["compression.type=lz4", "linger.ms=10"], Lines(brokers.Producer));
        Assert.Equal(["fetch.min.bytes=1"], Lines(brokers.Consumer));
        Assert.Equal(["retries=3"], Lines(brokers.Admin));
    }

    [Fact]
    public void Read_ProducersOwnBrokers_TakePrecedence() =>
        Assert.Equal("other:1", Read(("producer.override.bootstrap.servers", "other:1")).Brokers!.Servers);

    [Fact]
    public void Read_WorkersOwnAffairs_AreNamedOnce() =>
        Assert.Equal(
            ["group.id", "offset.storage.topic", "plugin.path"],
            Read(("Kafka:plugin.path", "/opt"), ("Kafka:group.id", "g"), ("Kafka:offset.storage.topic", "o")).Notices
        );

    [Theory]
    [InlineData("Kafka:bootstrap.servers", "k1", "'k1' is not the address of a broker. Write HOST:PORT")]
    [InlineData("Kafka:bootstrap.servers", "k1:99999", "'k1:99999' is not the address of a broker.")]
    [InlineData("Kafka:exactly.once.source.support", "enabled", "The value 'enabled' is not supported.")]
    [InlineData("Kafka:topic.creation.enable", "yes", "'yes' is neither true nor false.")]
    public void Read_FaultyWorker_IsThatFault(string name, string value, string sentence)
    {
        var fault = Assert.Single(FaultsOf((name, value)));

        Assert.Equal(name, fault.Path);
        Assert.Contains(sentence, fault.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TopicCreation_HasItsGroups()
    {
        var topics = Read(
            ("topic.creation.default.replication.factor", "-1"),
            ("topic.creation.default.partitions", "6"),
            ("topic.creation.default.cleanup.policy", "delete"),
            ("topic.creation.groups", "compacted, odd"),
            ("topic.creation.compacted.include", "shop\\.public\\.item.*"),
            ("topic.creation.compacted.exclude", "shop\\.public\\.items"),
            ("topic.creation.compacted.replication.factor", "3"),
            ("topic.creation.compacted.cleanup.policy", "compact"),
            ("topic.creation.odd.include", "x"),
            ("topic.creation.gone.partitions", "1")
        ).Brokers!.Topics!;

        Assert.Equal(("compacted", (short)3, 6), Of("shop.public.item"));
        Assert.Equal(("default", (short)-1, 6), Of("shop.public.items"));
        // the names of topics are matched in their own case
        Assert.Equal(("default", (short)-1, 6), Of("SHOP.public.item"));
        Assert.Equal(["cleanup.policy=compact"], Lines(topics.For("shop.public.item").Settings));
        Assert.Equal(["cleanup.policy=delete"], Lines(topics.Default.Settings));

        (string, short, int) Of(string topic)
        {
            var group = topics.For(topic);
            return (group.Name, group.ReplicationFactor, group.Partitions);
        }
    }

    [Fact]
    public void Read_TopicCreationOfAWorkerThatForbidsIt_IsNone() =>
        Assert.Null(
            Read(
                ("Kafka:topic.creation.enable", "false"),
                ("topic.creation.default.replication.factor", "1"),
                ("topic.creation.default.partitions", "1")
            ).Brokers!.Topics
        );

    [Theory]
    [InlineData("topic.creation.default.partitions", "1", "topic.creation.default.replication.factor", "It is missing")]
    [InlineData("topic.creation.default.replication.factor", "1", "topic.creation.default.partitions", "It is missing")]
    public void Read_HalfOfTheDefaultGroup_IsAFault(string name, string value, string missing, string sentence)
    {
        var fault = Assert.Single(FaultsOf((name, value)));

        Assert.Equal($"Source:{missing}", fault.Path);
        Assert.StartsWith(sentence, fault.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-2")]
    [InlineData("many")]
    public void Read_NumberOfPartitionsThatIsNone_IsAFault(string value) =>
        Assert.Equal(
            $"Source:topic.creation.default.partitions: '{value}' is not a number of at least 1, or -1. "
                + "Use -1 for the broker's own.",
            Assert
                .Single(
                    FaultsOf(
                        ("topic.creation.default.replication.factor", "1"),
                        ("topic.creation.default.partitions", value)
                    )
                )
                .ToString()
        );

    private static IEnumerable<string> Lines(IEnumerable<KeyValuePair<string, string>> properties) =>
        properties.Select(pair => $"{pair.Key}={pair.Value}");
}
