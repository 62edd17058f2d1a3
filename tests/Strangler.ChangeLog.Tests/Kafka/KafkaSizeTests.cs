using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.ChangeLog.Kafka.Reading;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>Appends that are larger than a control record, or than what the client holds at once.</summary>
public sealed class KafkaSizeTests(KafkaBroker broker) : IAsyncDisposable
{
    private readonly string _shop = KafkaBroker.Name("size");
    private KafkaChangeLog? _log;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AppendAsync_ManyTransactions_IsOneCutOverSeveralControlRecords()
    {
        const int count = 10_000;
        var log = await LogAsync();
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        await appender.AppendAsync(Of(Whole(8, 1)), Cancel);
        var commits = Enumerable.Range(2, count).Select(number => (ulong)number * 8).ToList();
        var append = Of(
            new LogAppend(
                [.. commits.Select(commit => Record(commit, 0)), Record(commits[^1] + 8, 0)],
                [.. commits.Select(commit => Transaction(commit, 1, commit))],
                End(commits[^1]),
                At(1)
            )
        );

        await appender.AppendAsync(append, Cancel);

        using var control = new ControlReader(
            new KafkaClients(new KafkaLogOptions { Properties = await PropertiesAsync() })
        );
        control.SwitchTo(_shop);
        Assert.Equal(2 + 3 + 1, control.Extent(Cancel).High);
        var pages = new List<LogPage>();
        for (var after = End(8); after < End(commits[^1]); after = pages[^1].Through)
            pages.Add((await log.ReadAsync(_shop, after, new LogReadLimit(3_000, 1 << 20), Cancel)).OrThrow());
        Assert.Equal(
            append.Records.SkipLast(1).Select(record => record.Position),
            pages.SelectMany(page => page.Records).Select(record => record.Position)
        );
        Assert.Equal(
            pages.SkipLast(1).Select(page => At(page.Through.Commit.Value)),
            pages.SkipLast(1).Select(page => page.At)
        );
        Assert.Equal(
            append.Transactions,
            await appender.TransactionsAsync(new Position(1, new Lsn(16), 0), End(commits[^1]), count * 2, Cancel)
        );
        Assert.Equal(End(400 * 8), (await log.SeekAsync(_shop, At(400 * 8), Cancel)).OrThrow());
    }

    [Fact]
    public async Task AppendAsync_ASnapshotInChunks_IsReadFromItsMiddle()
    {
        var log = await LogAsync();
        await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
        for (var chunk = 0; chunk < 100; chunk++)
            await appender.AppendAsync(Of(Part(16, chunk * 10, 10)), Cancel);
        await appender.AppendAsync(new LogAppend([], [Transaction(16, 1_000, 1)], End(16), At(1)), Cancel);

        var middle = new Position(1, new Lsn(16), 765);
        var page = (await log.ReadAsync(_shop, middle, new LogReadLimit(20, 1 << 20), Cancel)).OrThrow();

        Assert.Equal(Enumerable.Range(766, 20), page.Records.Select(record => record.Position.Ordinal));
        Assert.Equal(At(1), page.At);
    }

    [Fact]
    public async Task AppendAsync_ClientsQueueIsFull_WaitsAndStoresAll()
    {
        var log = await LogAsync(("producer.queue.buffering.max.messages", "10"));

        await AppendAsync();

        var read = (await log.ReadAsync(_shop, Position.Start, LogReadLimit.Default, Cancel)).OrThrow();
        Assert.Equal(Enumerable.Range(0, 2_000), read.Records.Select(record => record.Position.Ordinal));

        // A busy broker may get a batch twice and not say where it has stored it, which passes: the bridge tries again.
        async Task AppendAsync()
        {
            while (true)
            {
                await using var appender = await log.OpenAppenderAsync(_shop, Cancel);
                try
                {
                    await appender.AppendAsync(Of(Whole(8, 2_000)), Cancel);
                    return;
                }
                catch (FaultException exception) when (exception.InnerException is TimeoutException) { }
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_log is not null)
            await _log.DisposeAsync();
    }

    private LogAppend Of(LogAppend append) =>
        append with
        {
            Records = [.. append.Records.Select(record => record with { Topic = $"{_shop}.public.item" })],
        };

    private async Task<KafkaChangeLog> LogAsync(params (string Name, string Value)[] properties) =>
        _log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = await PropertiesAsync(properties),
                Topics = new TopicCreation { Default = new TopicGroup { Partitions = 5 } },
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );

    private async Task<Dictionary<string, string>> PropertiesAsync(params (string Name, string Value)[] more) =>
        new(more.ToDictionary(one => one.Name, one => one.Value))
        {
            ["bootstrap.servers"] = await broker.AddressAsync(),
        };
}
