using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Configuration;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.ChangeLog.Tests.Kafka;

public sealed class KafkaOptionsReaderTests
{
    private const string TwoNames =
        "org.apache.kafka.common.security.plain.PlainLoginModule required "
        + "username=\"a\" username=\"b\" password=\"c\";";

    [Fact]
    public void Read_NoSection_IsNoKafka() => Assert.Null(Read(("Log:Retention", "3.00:00:00")).Options);

    [Fact]
    public void Read_EachKey_IsTaken()
    {
        var (options, faults) = Read(
            ("Log:Kafka:bootstrap.servers", "kafka:9092"),
            ("Log:Kafka:producer.linger.ms", "7"),
            ("Log:Kafka:producer.delivery.timeout.ms", "5000"),
            ("Log:Kafka:DeletesRecords", "true"),
            ("Log:Kafka:RequestLimit", "00:00:09"),
            ("Log:Kafka:topic.creation.default.partitions", "3"),
            ("Log:Kafka:topic.creation.default.replication.factor", "2"),
            ("Log:Kafka:topic.creation.groups", "items, rest"),
            ("Log:Kafka:topic.creation.items.include", "shop\\.item.*,shop\\.stock"),
            ("Log:Kafka:topic.creation.items.exclude", ".*secret"),
            ("Log:Kafka:topic.creation.rest.include", "rest"),
            ("Log:Kafka:topic.creation.items.partitions", "12"),
            ("Log:Kafka:topic.creation.items.cleanup.policy", "compact")
        );

        Assert.Empty(faults);
        Assert.Equal("kafka:9092", options!.Address);
        Assert.Equal(
            ["bootstrap.servers", "producer.delivery.timeout.ms", "producer.linger.ms"],
            options.Properties.Keys.Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            (true, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(5)),
            (options.DeletesRecords, options.RequestLimit, options.DeliveryLimit)
        );
        Assert.Equal(
            [(12, 2, "compact"), (12, 2, "compact"), (3, 2, null), (3, 2, null)],
            new[] { "shop.item1", "shop.stock", "shop.item.secret", "shop.stocks" }
                .Select(options.Topics.For)
                .Select(group =>
                    (group.Partitions, (int)group.ReplicationFactor, group.Configs.GetValueOrDefault("cleanup.policy"))
                )
        );
    }

    [Theory]
    [InlineData("Log:Kafka:DeletesRecords", "perhaps")]
    [InlineData("Log:Kafka:RequestLimit", "9")]
    [InlineData("Log:Kafka:topic.creation.default.partitions", "0")]
    [InlineData("Log:Kafka:topic.creation.default.replication.factor", "70000")]
    [InlineData("Log:Kafka:producer.delivery.timeout.ms", "soon")]
    [InlineData("Log:Kafka:producer.acks", "0")]
    [InlineData("Log:Kafka:topic.creation.default.include", "a(b")]
    [InlineData("Log:Kafka:sasl.jaas.config", TwoNames)]
    [InlineData("Log:Kafka:topic.creation.enable", "perhaps")]
    [InlineData("Log:Kafka:topic.creation.gone.partitions", "3")]
    public void Read_OneWrongValue_IsThatFault(string key, string value)
    {
        var (_, faults) = Read(("Log:Kafka:bootstrap.servers", "kafka:9092"), (key, value));

        Assert.Equal(key, Assert.Single(faults).Path);
    }

    /// <summary>As in Kafka Connect: without a number it is the default group's, and -1 is the broker's own.</summary>
    [Fact]
    public void Read_GroupWithTheBrokersOwnNumbers_DoesNotTakeThoseOfTheDefaultGroup()
    {
        var (options, faults) = Read(
            ("Log:Kafka:bootstrap.servers", "kafka:9092"),
            ("Log:Kafka:topic.creation.default.partitions", "3"),
            ("Log:Kafka:topic.creation.default.replication.factor", "2"),
            ("Log:Kafka:topic.creation.groups", "default,items"),
            ("Log:Kafka:topic.creation.items.include", "items"),
            ("Log:Kafka:topic.creation.items.partitions", "-1")
        );

        Assert.Empty(faults);
        Assert.Equal(-1, options!.Topics.For("items").Partitions);
        Assert.Equal(2, options.Topics.For("items").ReplicationFactor);
    }

    [Fact]
    public void Read_PatternOfTopicsThatIsNone_IsAFault() =>
        Assert.Equal(
            "Log:Kafka:topic.creation.items.include",
            Assert
                .Single(
                    Read(
                        ("Log:Kafka:bootstrap.servers", "kafka:9092"),
                        ("Log:Kafka:topic.creation.groups", "items"),
                        ("Log:Kafka:topic.creation.items.include", "a(")
                    ).Faults
                )
                .Path
        );

    [Fact]
    public void Read_TopicsThatMustNotBeCreated_AreNot() =>
        Assert.False(
            Read(
                ("Log:Kafka:bootstrap.servers", "k:1"),
                ("Log:Kafka:topic.creation.enable", "false")
            ).Options!.Topics.IsEnabled
        );

    [Fact]
    public void Read_OneNameWrittenTwoWays_IsThatFault() =>
        Assert.Equal(
            "Log:Kafka:client.id",
            Assert
                .Single(
                    Read(
                        ("Log:Kafka:bootstrap.servers", "kafka:9092"),
                        ("Log:Kafka:client.id", "a"),
                        ("Log:Kafka:client:id", "b")
                    ).Faults
                )
                .Path
        );

    [Fact]
    public void Read_NoServers_IsAFault() =>
        Assert.Equal("Log:Kafka:bootstrap.servers", Assert.Single(Read(("Log:Kafka:client.id", "a")).Faults).Path);

    private static (KafkaLogOptions? Options, List<Fault> Faults) Read(params (string Key, string? Value)[] values)
    {
        var faults = new List<Fault>();
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(value => KeyValuePair.Create(value.Key, value.Value)))
            .Build();
        return (KafkaOptionsReader.Read(configuration, faults), faults);
    }
}
