using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>Which topics the log creates and writes to.</summary>
public sealed class TopicCreationTests(KafkaBroker broker)
{
    private readonly string _shop = KafkaBroker.Name("topic");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_TopicsThatMustNotBeCreated_AreAFaultUntilAPersonHasCreatedThem()
    {
        await using var log = await LogAsync(new TopicCreation { IsEnabled = false });
        await using (var appender = await log.OpenAppenderAsync(_shop, Cancel))
        {
            var exception = await Assert.ThrowsAsync<FaultException>(() =>
                appender.AppendAsync(Append($"{_shop}.public.item"), Cancel)
            );
            Assert.Equal($"Topic:{_shop}.public.item", Assert.Single(exception.Faults).Path);
            Assert.Contains("'topic.creation.enable=false'", exception.Message, StringComparison.Ordinal);
        }
        using var admin = await AdminAsync();
        Assert.Equal([LogTopics.Control(_shop)], Topics(admin));
        await admin.CreateTopicsAsync([new TopicSpecification { Name = $"{_shop}.public.item", NumPartitions = 2 }]);
        await KafkaBroker.TopicIsKnownAsync(admin, $"{_shop}.public.item");

        await using var again = await log.OpenAppenderAsync(_shop, Cancel);
        await again.AppendAsync(Append($"{_shop}.public.item"), Cancel);

        Assert.Equal(Sample.End(8), again.End);
    }

    /// <summary>Only the log itself says which records belong to it, whatever an application names.</summary>
    [Fact]
    public async Task AppendAsync_RecordThatNamesAControlTopic_IsInTheLogAndInNoTopic()
    {
        await using var log = await LogAsync(new TopicCreation());
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);

        await appender.AppendAsync(Append(LogTopics.Control($"{_shop}.other")), Cancel);

        var page = (await log.ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel)).OrThrow();
        Assert.Equal(LogTopics.Control($"{_shop}.other"), Assert.Single(page.Records).Topic);
        using var admin = await AdminAsync();
        Assert.Equal([LogTopics.Control(_shop)], Topics(admin));
    }

    private List<string> Topics(IAdminClient admin) =>
        [
            .. admin
                .GetMetadata(TimeSpan.FromSeconds(30))
                .Topics.Select(topic => topic.Topic)
                .Where(topic => topic.Contains($"{_shop}", StringComparison.Ordinal) && !IsLonger(topic)),
        ];

    /// <summary>Another test's name may begin with this one's.</summary>
    private bool IsLonger(string topic) =>
        topic.IndexOf(_shop, StringComparison.Ordinal) + _shop.Length is var end
        && end < topic.Length
        && char.IsAsciiDigit(topic[end]);

    private static LogAppend Append(string topic)
    {
        var append = Sample.Whole(8, 1);
        return append with { Records = [.. append.Records.Select(record => record with { Topic = topic })] };
    }

    private async Task<IAdminClient> AdminAsync() =>
        new AdminClientBuilder(new AdminClientConfig { BootstrapServers = await broker.AddressAsync() }).Build();

    private async Task<KafkaChangeLog> LogAsync(TopicCreation topics) =>
        new(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
                Topics = topics,
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
}
