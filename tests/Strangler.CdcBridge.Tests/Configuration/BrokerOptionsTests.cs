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

        Assert.Equal("k1:9092, SASL_SSL://k2:9093", brokers.Address);
        Assert.Equal(
            [
                "admin.retries=3",
                "bootstrap.servers=k1:9092, SASL_SSL://k2:9093",
                "consumer.fetch.min.bytes=1",
                "producer.compression.type=lz4",
                "producer.linger.ms=10",
                "sasl.mechanism=PLAIN",
                "security.protocol=SASL_SSL",
            ],
            Lines(brokers.Properties)
        );
    }

    /// <summary>Upper and lower case don't matter in keys, wherever they are matched.</summary>
    [Fact]
    public void Read_NamesInAnotherCase_AreTheSame()
    {
        var brokers = Read(
            ("Kafka:Security.protocol", "SASL_SSL"),
            ("Kafka:Producer.linger.ms", "5"),
            ("Admin.Override.retries", "3"),
            ("Topic.Creation.Default.Partitions", "6"),
            ("Topic.Creation.Default.Replication.Factor", "2")
        ).Brokers!;

        Assert.Equal(
            [
                "admin.retries=3",
                "bootstrap.servers=127.0.0.1:9092",
                "producer.linger.ms=5",
                "Security.protocol=SASL_SSL",
            ],
            Lines(brokers.Properties)
        );
        Assert.Equal((6, 2), (brokers.Topics.Default.Partitions, brokers.Topics.Default.ReplicationFactor));
    }

    [Fact]
    public void Read_ProducersOwnBrokers_TakePrecedence() =>
        Assert.Equal("other:1", Read(("producer.override.bootstrap.servers", "other:1")).Brokers!.Address);

    [Fact]
    public void Read_WorkersOwnAffairs_AreNamedOnce() =>
        Assert.Equal(
            ["Kafka:group.id", "Kafka:offset.storage.topic", "Kafka:plugin.path"],
            Read(("Kafka:plugin.path", "/opt"), ("Kafka:group.id", "g"), ("Kafka:offset.storage.topic", "o")).Notices
        );

    /// <summary>The log of Strangler's own format is where <c>Log:Kafka</c> says.</summary>
    [Fact]
    public void Read_ClientsAndTopicsInStranglersFormat_AreNamedAsWithoutEffect() =>
        Assert.Equal(
            [
                "Kafka:key.converter",
                "Kafka:producer.linger.ms",
                "Kafka:security.protocol",
                "Kafka:topic.creation.enable",
                "Source:producer.override.linger.ms",
                "Source:topic.creation.default.partitions",
            ],
            Read(
                ("event.format", "strangler"),
                ("Store:ConnectionString", "Host=127.0.0.1;Username=u;Database=d"),
                ("Kafka:bootstrap.servers", null),
                ("Kafka:config.providers", "env"),
                ("Kafka:key.converter", "JsonConverter"),
                ("Kafka:producer.linger.ms", "5"),
                ("Kafka:security.protocol", "SASL_SSL"),
                ("Kafka:topic.creation.enable", "false"),
                ("producer.override.linger.ms", "5"),
                ("topic.creation.default.partitions", "3")
            )
                .Notices.Order(StringComparer.Ordinal)
        );

    [Theory]
    [InlineData("Kafka:bootstrap.servers", "k1", "'k1' is not the address of a broker. Write HOST:PORT")]
    [InlineData("Kafka:bootstrap.servers", "k1:99999", "'k1:99999' is not the address of a broker.")]
    [InlineData("Kafka:exactly.once.source.support", "enabled", "The value 'enabled' is not supported.")]
    [InlineData("Kafka:topic.creation.enable", "yes", "'yes' is neither true nor false.")]
    [InlineData("Kafka:plugin.path", "a\0b", "It has a NUL character")]
    [InlineData("Source:database.sslrootcert", "a\0b", "It has a NUL character")]
    public void Read_FaultyValue_IsThatFault(string name, string value, string sentence)
    {
        var fault = Assert.Single(FaultsOf((name, value)));

        Assert.Equal(name, fault.Path);
        Assert.Contains(sentence, fault.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A fault names the property where a person has written it.</summary>
    [Theory]
    [InlineData("Kafka:producer.acks")]
    [InlineData("Source:producer.override.acks")]
    public void Read_PropertyOfAClientThatCannotBeHonoured_IsAFaultWhereItIsWritten(string name)
    {
        var fault = Assert.Single(FaultsOf((name, "0")));

        Assert.Equal(name, fault.Path);
        Assert.Contains("The log would lose records", fault.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_TopicCreation_HasItsGroups()
    {
        var config = Read(
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
        );
        var topics = config.Brokers!.Topics;

        Assert.Equal((3, 6), Of("shop.public.item"));
        Assert.Equal((-1, 6), Of("shop.public.items"));
        // the names of topics are matched in their own case
        Assert.Equal((-1, 6), Of("SHOP.public.item"));
        Assert.Equal(["cleanup.policy=compact"], Lines(topics.For("shop.public.item").Configs));
        Assert.Equal(["cleanup.policy=delete"], Lines(topics.Default.Configs));
        Assert.Equal(["Source:topic.creation.gone.partitions"], config.Notices);

        (int, int) Of(string topic) => (topics.For(topic).ReplicationFactor, topics.For(topic).Partitions);
    }

    [Fact]
    public void Read_TopicCreationOfAWorkerThatForbidsIt_IsNoneAndSaid()
    {
        var config = Read(
            ("Kafka:topic.creation.enable", "false"),
            ("topic.creation.default.replication.factor", "1"),
            ("topic.creation.default.partitions", "1")
        );

        Assert.False(config.Brokers!.Topics.IsEnabled);
        Assert.Equal(
            ["Source:topic.creation.default.partitions", "Source:topic.creation.default.replication.factor"],
            config.Notices.Order(StringComparer.Ordinal)
        );
    }

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
            "Source:topic.creation.default.partitions: It is not a number from 1 to 2147483647, or -1. "
                + "Correct it, or write -1 for the broker's own.",
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
        properties
            .OrderBy(pair => pair.Key, StringComparer.OrdinalIgnoreCase)
            .Select(pair => $"{pair.Key}={pair.Value}");
}
