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

/// <summary>What goes wrong with a broker and its topics: nothing is lost, and nothing in silence.</summary>
public sealed class KafkaFaultTests(KafkaBroker broker) : IAsyncDisposable
{
    private readonly string _shop = KafkaBroker.Name("fault");
    private readonly List<KafkaChangeLog> _logs = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Topic => $"{_shop}.public.item";

    [Fact]
    public async Task OpenAppenderAsync_NoBrokerThere_SaysTheAddressInTime()
    {
        var log = Log(("bootstrap.servers", "127.0.0.1:9"));

        var exception = await Assert.ThrowsAsync<FaultException>(() => log.OpenAppenderAsync(_shop, Cancel));

        Assert.Contains(
            "The broker at 127.0.0.1:9 did not answer within 2 s",
            exception.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task AppendAsync_RecordOverTheBrokersLimit_SaysWhichAndTheSettingAndStoresNothing()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()), ("producer.max.request.size", "5000000"));
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        await appender.AppendAsync(Whole(8, 1), Cancel);

        var exception = await Assert.ThrowsAsync<FaultException>(() =>
            appender.AppendAsync(Whole(16, 3, bytes: 2_000_000), Cancel)
        );

        Assert.Contains(Topic, exception.Message, StringComparison.Ordinal);
        Assert.Contains("The record at 1:0/10:", exception.Message, StringComparison.Ordinal);
        Assert.Contains("max.message.bytes", exception.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => appender.AppendAsync(Whole(24, 1), Cancel));
        await using var again = await log.OpenAppenderAsync(_shop, Cancel);
        Assert.Equal(End(8), again.End);
        await again.AppendAsync(Whole(16, 2), Cancel);
        Assert.Equal(["8/0", "16/0", "16/1"], await ValuesAsync(log));
    }

    [Fact]
    public async Task KeepUnfinishedAsync_TopicHasBeenDeleted_KeepsNothing()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var dead = await log.OpenAppenderAsync(_shop, Cancel);
        await dead.AppendAsync(Own(Sample.Read(7, 0, 50)), Cancel);
        await broker.DeleteTopicAsync(Topic);
        var next = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var appender = await next.OpenAppenderAsync(_shop, Cancel);

        Assert.Null(await appender.KeepUnfinishedAsync(Cancel));

        await appender.AppendAsync(Whole(8, 2), Cancel);
        Assert.Equal(["8/0", "8/1"], await ValuesAsync(next));
    }

    [Fact]
    public async Task KeepUnfinishedAsync_PartOfATransaction_KeepsNothing()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var dead = await log.OpenAppenderAsync(_shop, Cancel);
        await dead.AppendAsync(Part(7, 0, 50), Cancel);
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);

        Assert.Null(await appender.KeepUnfinishedAsync(Cancel));
    }

    [Fact]
    public async Task ReadAsync_OrphansAndForeignMessages_AreNotOfTheLog()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var first = await log.OpenAppenderAsync(_shop, Cancel);
        await first.AppendAsync(Whole(8, 3), Cancel);
        await ForeignAsync(Topic, 7);
        await ForeignAsync(LogTopics.Control(_shop), 3);
        await first.AppendAsync(Whole(16, 3), Cancel);
        await first.AppendAsync(Part(24, 0, 5), Cancel);
        await using var second = await log.OpenAppenderAsync(_shop, Cancel);
        await Assert.ThrowsAsync<FaultException>(() => first.AppendAsync(Whole(32, 4), Cancel)); // a zombie's records
        await ForeignAsync(LogTopics.Control(_shop), 1);
        await second.AppendAsync(Whole(24, 2), Cancel);

        Assert.Equal(
            ["8/0", "8/1", "8/2", "16/0", "16/1", "16/2", "24/0", "24/1"],
            await ValuesAsync(Log(("bootstrap.servers", await broker.AddressAsync())))
        );
    }

    [Fact]
    public async Task ReadAsync_RecordsDeletedByTheTopicsOwnRetention_IsDroppedAndNoGap()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        for (ulong commit = 8; commit <= 80; commit += 8)
            await appender.AppendAsync(Whole(commit, 2), Cancel);
        using (var admin = await AdminAsync())
            await admin.DeleteRecordsAsync([new TopicPartitionOffset(Topic, 0, 5)]);

        var dropped = Assert.IsType<LogRead<LogPage>.Dropped>(
            await log.ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel)
        );
        var rest = (await log.ReadAsync(_shop, End(24), LogReadLimit.Default, Cancel)).OrThrow();

        Assert.Contains(Topic, dropped.Fault.ToString(), StringComparison.Ordinal);
        Assert.Equal(14, rest.Records.Count);
    }

    [Fact]
    public async Task ReadAsync_TopicDeletedAndCreatedAgain_IsDroppedAndNeverOtherRecords()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        await appender.AppendAsync(Whole(8, 4), Cancel);
        using var admin = await AdminAsync();
        await broker.DeleteTopicAsync(Topic);

        var deleted = await Log(("bootstrap.servers", await broker.AddressAsync()))
            .ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel);
        await CreateAsync(admin);
        await ForeignAsync(Topic, 4);
        var other = await Log(("bootstrap.servers", await broker.AddressAsync()))
            .ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel);

        Assert.Contains(Topic, Assert.IsType<LogRead<LogPage>.Dropped>(deleted).Fault.Path, StringComparison.Ordinal);
        Assert.Contains(
            "created again",
            Assert.IsType<LogRead<LogPage>.Dropped>(other).Fault.Problem,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task OpenAppenderAsync_ControlTopicOfSeveralPartitions_IsRefused()
    {
        using (var admin = await AdminAsync())
            await admin.CreateTopicsAsync([
                new TopicSpecification { Name = LogTopics.Control(_shop), NumPartitions = 2 },
            ]);
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));

        var exception = await Assert.ThrowsAsync<FaultException>(() => log.OpenAppenderAsync(_shop, Cancel));

        Assert.Contains("It has 2 partitions", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenAppenderAsync_ControlTopicIsCompacted_IsRefused()
    {
        using (var admin = await AdminAsync())
            await admin.CreateTopicsAsync([
                new TopicSpecification
                {
                    Name = LogTopics.Control(_shop),
                    NumPartitions = 1,
                    Configs = new() { ["cleanup.policy"] = "compact" },
                },
            ]);
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));

        var exception = await Assert.ThrowsAsync<FaultException>(() => log.OpenAppenderAsync(_shop, Cancel));

        Assert.Contains("cleanup.policy is 'compact'", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, 3)]
    [InlineData(false, 0)]
    public async Task RetainAsync_RecordsOfTheSourcesTopics_AreDeletedIfThatIsWished(bool deletes, long low)
    {
        var log = Log(
            new EmbeddedLogOptions { SegmentBytes = 50 },
            deletes,
            ("bootstrap.servers", await broker.AddressAsync())
        );
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        for (ulong commit = 8; commit <= 32; commit += 8)
            await appender.AppendAsync(Whole(commit, 1, bytes: 60), Cancel);

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), 0), Cancel);

        using var consumer = await ConsumerAsync();
        var records = consumer.QueryWatermarkOffsets(new(Topic, 0), TimeSpan.FromMinutes(1));
        var control = consumer.QueryWatermarkOffsets(new(LogTopics.Control(_shop), 0), TimeSpan.FromMinutes(1));
        Assert.Equal((3, low, 4L), (dropped, records.Low.Value, records.High.Value));
        Assert.Equal(4, control.Low.Value); // what opened it, and three cuts
        await using var again = await log.OpenAppenderAsync(_shop, Cancel);
        Assert.Equal(End(32), again.End);
    }

    [Fact]
    public async Task AppendAsync_DebeziumsRecords_AreInTheTopicsByteForByteAndOthersAreNot()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        LogRecord[] records =
        [
            Record(8, 0) with
            {
                Topic = Topic,
                Headers = [new("__debezium.newkey", """{"sku":"ä"}""")],
            },
            Record(8, 1) with
            {
                Topic = Topic,
                Kind = LogRecordKind.Schema,
            },
            Record(8, 2) with
            {
                Topic = Topic,
                Kind = LogRecordKind.Tombstone,
                Value = null,
            },
            Record(8, 3) with
            {
                Topic = Topic,
                Key = null,
                Kind = LogRecordKind.Truncate,
            },
            Record(8, 4) with
            {
                Topic = Topic,
                Kind = LogRecordKind.TableDoubt,
            },
            Record(8, 5) with
            {
                Topic = Topic,
                Kind = LogRecordKind.Outbox,
                Headers = [new("id", "1"), new("tenant", null)],
                Partition = 0,
                Timestamp = At(-1_000),
            },
        ];

        await appender.AppendAsync(new LogAppend(records, [Transaction(8, 6, 1)], End(8), At(1)), Cancel);

        using var consumer = await ConsumerAsync();
        consumer.Assign(new TopicPartitionOffset(Topic, 0, 0));
        foreach (var record in records.Where(one => one.Kind is not (LogRecordKind.Schema or LogRecordKind.TableDoubt)))
        {
            var message = consumer.Consume(Cancel).Message;
            Assert.Equal(record.Key, message.Key);
            Assert.Equal(record.Value, message.Value);
            Assert.Equal(record.Timestamp ?? message.Timestamp.UtcDateTime, message.Timestamp.UtcDateTime);
            Assert.Equal(
                record.Headers.Select(header => (header.Name, header.Value)),
                (message.Headers ?? []).Select(header => (header.Key, TextOf(header.GetValueBytes())))
            );
        }
        Assert.Equal(4, consumer.QueryWatermarkOffsets(new(Topic, 0), TimeSpan.FromMinutes(1)).High.Value);
    }

    /// <summary>A row says where and when its event is, and can say what no broker takes.</summary>
    [Fact]
    public async Task AppendAsync_PartitionOrTimeThatTheBrokerDoesNotTake_IsStoredWithoutIt()
    {
        var log = Log(("bootstrap.servers", await broker.AddressAsync()));
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        var began = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        var records = new List<LogRecord>
        {
            Event(0) with
            {
                Partition = int.MaxValue,
            },
            Event(1) with
            {
                Timestamp = TimeProvider.System.GetUtcNow().AddYears(100),
            },
            Event(2) with
            {
                Timestamp = At(-1_000),
            },
        };

        await appender.AppendAsync(new LogAppend(records, [Transaction(8, 3, 1)], End(8), At(1)), Cancel);
        await appender.AppendAsync(Whole(16, 1), Cancel);

        Assert.Equal(["8/0", "8/1", "8/2", "16/0"], await ValuesAsync(log));
        using var consumer = await ConsumerAsync();
        var end = consumer.QueryWatermarkOffsets(new(Topic, 0), TimeSpan.FromMinutes(1)).High.Value;
        consumer.Assign(new TopicPartitionOffset(Topic, 0, end - 4));
        DateTimeOffset[] times = [Time(), Time(), Time()];
        Assert.InRange(times[1], began, began.AddHours(1));
        Assert.Equal(At(-1_000), times[2]);

        LogRecord Event(int number) => Record(8, number) with { Topic = Topic, Kind = LogRecordKind.Outbox };

        DateTimeOffset Time() => consumer.Consume(Cancel).Message.Timestamp.UtcDateTime;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var log in _logs)
            await log.DisposeAsync();
    }

    private LogAppend Whole(ulong commit, int count, int bytes = 20) => Own(Sample.Whole(commit, count, bytes: bytes));

    private LogAppend Part(ulong commit, int from, int count) => Own(Sample.Part(commit, from, count));

    private LogAppend Own(LogAppend append)
    {
        return append with { Records = [.. append.Records.Select(record => record with { Topic = Topic })] };
    }

    private KafkaChangeLog Log(params (string Name, string Value)[] properties) =>
        Log(new EmbeddedLogOptions(), false, properties);

    private KafkaChangeLog Log(
        EmbeddedLogOptions keeping,
        bool deletes,
        params (string Name, string Value)[] properties
    )
    {
        var log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = properties.ToDictionary(one => one.Name, one => one.Value),
                DeletesRecords = deletes,
                RequestLimit = TimeSpan.FromSeconds(
                    properties[0].Value.EndsWith(":9", StringComparison.Ordinal) ? 2 : 30
                ),
            },
            keeping,
            TimeProvider.System
        );
        _logs.Add(log);
        return log;
    }

    private async Task<List<string>> ValuesAsync(KafkaChangeLog log)
    {
        var values = new List<string>();
        for (var after = Position.Start; ; )
        {
            var page = (await log.ReadAsync(_shop, after, new LogReadLimit(3, 1 << 20), Cancel)).OrThrow();
            if (page.Through == after)
                return values;
            values.AddRange(page.Records.Select(record => Encoding.UTF8.GetString(record.Value!).TrimEnd()));
            after = page.Through;
        }
    }

    private async Task ForeignAsync(string topic, int count)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>([
            new("bootstrap.servers", await broker.AddressAsync()),
        ]).Build();
        for (var index = 0; index < count; index++)
            await producer.ProduceAsync(topic, new Message<byte[], byte[]> { Value = [1, 2, 3] }, Cancel);
    }

    private async Task CreateAsync(IAdminClient admin)
    {
        // The deletion of a topic goes on for a moment after it was confirmed.
        while (true)
        {
            try
            {
                await admin.CreateTopicsAsync([new TopicSpecification { Name = Topic, NumPartitions = 1 }]);
                return;
            }
            catch (CreateTopicsException exception)
                when (exception.Results[0].Error.Code == ErrorCode.TopicAlreadyExists)
            {
                Cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private async Task<IAdminClient> AdminAsync() =>
        new AdminClientBuilder([new("bootstrap.servers", await broker.AddressAsync())]).Build();

    private async Task<IConsumer<byte[], byte[]>> ConsumerAsync() =>
        new ConsumerBuilder<byte[], byte[]>([
            new("bootstrap.servers", await broker.AddressAsync()),
            new("group.id", "test"),
        ]).Build();

    private static string? TextOf(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);
}
