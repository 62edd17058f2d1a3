using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>What happens to a log whose topics somebody else empties, deletes or creates again.</summary>
public sealed class KafkaTopicTests(KafkaBroker broker) : IAsyncDisposable
{
    private readonly string _shop = KafkaBroker.Name("topic");
    private readonly List<KafkaChangeLog> _logs = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Topic => $"{_shop}.public.item";

    private string Control => LogTopics.Control(_shop);

    [Fact]
    public async Task ReadAsync_ControlTopicCreatedAgain_SkipsNothingOfTheOtherLog()
    {
        var reading = await LogAsync();
        await FillAsync(await LogAsync(), 8, 16, 24);
        await AllAsync(reading, Position.Start); // a cursor waits at the end
        await broker.DeleteTopicAsync(Control);

        await FillAsync(await LogAsync(), 32, 40, 48, 56, 64, 72);

        Assert.Equal(["32", "40", "48", "56", "64", "72"], await AllAsync(reading, End(24)));
    }

    [Fact]
    public async Task ReadAsync_ControlTopicCreatedAgainAndNotAsFar_IsAnotherLog()
    {
        var reading = await LogAsync();
        await FillAsync(await LogAsync(), 8, 16, 24);
        await AllAsync(reading, Position.Start);
        await broker.DeleteTopicAsync(Control);

        await FillAsync(await LogAsync(), 8, 16);

        Assert.IsType<LogRead<LogPage>.Dropped>(await reading.ReadAsync(_shop, End(24), LogReadLimit.Default, Cancel));
    }

    /// <summary>The other log's appender has the same token.</summary>
    [Fact]
    public async Task AppendAsync_ControlTopicCreatedAgain_AppenderOfTheOldOneWritesNothing()
    {
        await using var old = await (await LogAsync()).OpenAppenderAsync(_shop, Cancel);
        await old.AppendAsync(Whole(8), Cancel);
        await broker.DeleteTopicAsync(Control);
        await FillAsync(await LogAsync(), 800, 808);

        await Assert.ThrowsAsync<FaultException>(() => old.AppendAsync(Whole(16), Cancel));

        Assert.Equal(["800", "808"], await AllAsync(await LogAsync(), Position.Start));
    }

    [Theory]
    [InlineData("retention.ms", "604800000")]
    [InlineData("retention.bytes", "1000000")]
    public async Task OpenAppenderAsync_ControlTopicThatTheBrokerEmpties_NamesTheCommandThatMendsIt(
        string name,
        string value
    )
    {
        using (var admin = await AdminAsync())
            await admin.CreateTopicsAsync([
                new TopicSpecification
                {
                    Name = Control,
                    NumPartitions = 1,
                    Configs = new() { [name] = value },
                },
            ]);
        var log = await LogAsync();

        var exception = await Assert.ThrowsAsync<FaultException>(() => log.OpenAppenderAsync(_shop, Cancel));

        Assert.Contains($"{name} is '{value}'", exception.Message, StringComparison.Ordinal);
        Assert.Contains(
            $"--entity-name {Control} --add-config cleanup.policy=delete,retention.ms=-1,retention.bytes=-1",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task OpenAppenderAsync_ControlTopicWasEmptied_IsNoNewLog()
    {
        await FillAsync(await LogAsync(), 8, 16);
        await DeleteBeforeAsync(Control, 3);
        var log = await LogAsync();

        var opening = await Assert.ThrowsAsync<FaultException>(() => log.OpenAppenderAsync(_shop, Cancel));
        var reading = await Assert.ThrowsAsync<FaultException>(() =>
            log.ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel)
        );

        Assert.Contains("before offset 3", opening.Message, StringComparison.Ordinal);
        Assert.Contains("kafka-configs", opening.Message, StringComparison.Ordinal);
        Assert.Equal(opening.Message, reading.Message);
    }

    [Fact]
    public async Task ReadAsync_ControlRecordsDeletedBySomebodyElse_IsDroppedAndNoGap()
    {
        await FillAsync(await LogAsync(), 8, 16, 24, 32, 40, 48);
        await DeleteBeforeAsync(Control, 4);
        var log = await LogAsync();

        var read = await log.ReadAsync(_shop, End(8), LogReadLimit.Default, Cancel);
        var sought = await log.SeekAsync(_shop, At(9), Cancel);
        var unseen = await log.FirstUnseenAsync(_shop, End(8), 10, [], End(48), Cancel);

        Assert.Contains(Control, Assert.IsType<LogRead<LogPage>.Dropped>(read).Fault.Path, StringComparison.Ordinal);
        Assert.IsType<LogRead<Position>.Dropped>(sought);
        Assert.IsType<LogRead<Position?>.Dropped>(unseen);
        Assert.Equal(["40", "48"], await AllAsync(log, End(32)));
    }

    [Fact]
    public async Task AppendAsync_TopicDeletedWhileTheLogIsOpen_IsCreatedAgain()
    {
        var log = await LogAsync();
        var appender = await log.OpenAppenderAsync(_shop, Cancel);
        await appender.AppendAsync(Whole(8), Cancel);
        await broker.DeleteTopicAsync(Topic);

        var exception = await Assert.ThrowsAsync<FaultException>(() => appender.AppendAsync(Whole(16), Cancel));
        await using var again = await log.OpenAppenderAsync(_shop, Cancel);
        await again.AppendAsync(Whole(16), Cancel);

        Assert.Contains(Topic, exception.Message, StringComparison.Ordinal);
        Assert.True(exception.InnerException is TimeoutException, exception.ToString()); // the bridge tries again
        Assert.Equal(["16"], await AllAsync(await LogAsync(), End(8)));
    }

    /// <summary>A broker refuses to delete records of a compacted topic, as it does if the right is missing.</summary>
    [Fact]
    public async Task RetainAsync_BrokerRefusesToDelete_SaysSoAndGoesOn()
    {
        using var admin = await AdminAsync();
        await admin.CreateTopicsAsync([
            new TopicSpecification
            {
                Name = Topic,
                NumPartitions = 1,
                Configs = new() { ["cleanup.policy"] = "compact" },
            },
        ]);
        var log = await LogAsync(new EmbeddedLogOptions { SegmentBytes = 10 }, deletes: true);
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        foreach (var commit in new ulong[] { 8, 16, 24 })
            await appender.AppendAsync(Whole(commit), Cancel);

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0), Cancel);
        var refused = appender.Undeleted;
        await appender.AppendAsync(Whole(32), Cancel);
        await admin.IncrementalAlterConfigsAsync(
            new Dictionary<ConfigResource, List<ConfigEntry>>
            {
                [new() { Type = ResourceType.Topic, Name = Topic }] =
                [
                    new()
                    {
                        Name = "cleanup.policy",
                        Value = "delete",
                        IncrementalOperation = AlterConfigOpType.Set,
                    },
                ],
            }
        );
        do // the broker has its new configuration a moment after it was confirmed
        await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0), Cancel);
        while (appender.Undeleted is not null && !Cancel.IsCancellationRequested);

        Assert.Equal(2, dropped);
        Assert.Equal($"Topic:{Topic}", refused?.Path);
        Assert.Null(appender.Undeleted);
        Assert.Equal(["32"], await AllAsync(log, End(24)));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs)
            await log.DisposeAsync();
    }

    private async Task<KafkaChangeLog> LogAsync(EmbeddedLogOptions? keeping = null, bool deletes = false)
    {
        var log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
                DeletesRecords = deletes,
            },
            keeping ?? new EmbeddedLogOptions(),
            TimeProvider.System
        );
        _logs.Add(log);
        return log;
    }

    private async Task FillAsync(KafkaChangeLog log, params ulong[] commits)
    {
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        foreach (var commit in commits)
            await appender.AppendAsync(Whole(commit), Cancel);
    }

    private LogAppend Whole(ulong commit)
    {
        var append = Sample.Whole(commit, 1);
        return append with { Records = [.. append.Records.Select(record => record with { Topic = Topic })] };
    }

    private async Task<List<string>> AllAsync(KafkaChangeLog log, Position after)
    {
        var values = new List<string>();
        while (true)
        {
            var page = (await log.ReadAsync(_shop, after, LogReadLimit.Default, Cancel)).OrThrow();
            if (page.Through == after)
                return values;
            values.AddRange(page.Records.Select(record => Encoding.UTF8.GetString(record.Value!).Split('/')[0]));
            after = page.Through;
        }
    }

    private async Task DeleteBeforeAsync(string topic, long offset)
    {
        using var admin = await AdminAsync();
        await admin.DeleteRecordsAsync([new TopicPartitionOffset(topic, 0, offset)]);
    }

    private async Task<IAdminClient> AdminAsync() =>
        new AdminClientBuilder([new("bootstrap.servers", await broker.AddressAsync())]).Build();
}
