using System.Diagnostics;
using Strangler.ChangeLog.Embedded;
using Strangler.ChangeLog.Kafka;
using Strangler.ChangeLog.Kafka.Client;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests.Kafka;

/// <summary>Measures, and asserts no time: run by name, with <c>-explicit only</c>.</summary>
public sealed class KafkaThroughput(KafkaBroker broker)
{
    private const int Batches = 200;
    private const int Rows = 2_000;

    [Theory(Explicit = true)]
    [InlineData(1)]
    [InlineData(6)]
    public async Task Log_BatchesOf2000RowsOf200Bytes_IsAppendedAndReadAt(int partitions)
    {
        var cancel = TestContext.Current.CancellationToken;
        var (source, topic) = (KafkaBroker.Name("speed"), KafkaBroker.Name("speed.public.item"));
        await using var log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
                Topics = new TopicCreation { Default = new TopicGroup { Partitions = partitions } },
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
        await using var appender = await log.OpenAppenderAsync(source, cancel);
        var appends = Enumerable
            .Range(1, Batches)
            .Select(batch => Whole((ulong)batch * 8, Rows, bytes: 200))
            .Select(one => one with { Records = [.. one.Records.Select(record => record with { Topic = topic })] })
            .ToList();
        await appender.AppendAsync(appends[0], cancel);

        var watch = Stopwatch.StartNew();
        foreach (var append in appends.Skip(1))
            await appender.AppendAsync(append, cancel);
        var appended = watch.Elapsed;
        watch.Restart();
        var read = 0;
        for (var after = Position.Start; after < appender.End; )
        {
            var page = (await log.ReadAsync(source, after, LogReadLimit.Default, cancel)).OrThrow();
            read += page.Records.Count;
            after = page.Through;
        }
        var wasRead = watch.Elapsed;
        watch.Restart();
        for (var batch = Batches + 1; batch <= Batches + 100; batch++)
            await appender.AppendAsync(Progress((ulong)batch * 8), cancel);
        var alone = watch.Elapsed / 100;

        TestContext.Current.TestOutputHelper!.WriteLine(
            $"append {(Batches - 1) * Rows / appended.TotalSeconds:N0} rows/s, read {read / wasRead.TotalSeconds:N0} "
                + $"rows/s, a cut alone {alone.TotalMilliseconds:N1} ms, "
                + $"load {await File.ReadAllTextAsync("/proc/loadavg", cancel)}"
        );
        Assert.Equal(Batches * Rows, read);
    }

    [Fact(Explicit = true)]
    public async Task Log_OneReaderThatWaits_HasAnAppendAfter()
    {
        const int appends = 500;
        var cancel = TestContext.Current.CancellationToken;
        var source = KafkaBroker.Name("wait");
        await using var log = new KafkaChangeLog(
            new KafkaLogOptions
            {
                Properties = new Dictionary<string, string> { ["bootstrap.servers"] = await broker.AddressAsync() },
            },
            new EmbeddedLogOptions(),
            TimeProvider.System
        );
        await using var appender = await log.OpenAppenderAsync(source, cancel);
        var (sent, seen) = (new long[appends], new long[appends]);
        var reading = Task.Run(ReadAsync, cancel);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var index = 0; index < appends; index++)
        {
            while (index == 40 && Volatile.Read(ref seen[39]) == 0)
                await timer.WaitForNextTickAsync(cancel); // by now the reader knows all topics
            await timer.WaitForNextTickAsync(cancel);
            sent[index] = Stopwatch.GetTimestamp();
            var append = Whole((ulong)(index + 1) * 8, 4, bytes: 200);
            await appender.AppendAsync(
                append with
                {
                    Records =
                    [
                        .. append.Records.Select(record =>
                            record with
                            {
                                Topic = $"{source}.t{(index + record.Position.Ordinal) % 20}",
                            }
                        ),
                    ],
                },
                cancel
            );
        }
        await reading;

        var times = sent.Zip(seen, Stopwatch.GetElapsedTime).Skip(100).Order().ToList();
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"from the call of an append to its page: p50 {times[times.Count / 2].TotalMilliseconds:N1} ms, "
                + $"p99 {times[times.Count * 99 / 100].TotalMilliseconds:N1} ms"
        );
        Assert.DoesNotContain(0, seen);

        async Task ReadAsync()
        {
            for (var after = Position.Start; after < End(appends * 8); )
            {
                await log.WaitAsync(source, after, TimeSpan.FromSeconds(10), cancel);
                var page = (await log.ReadAsync(source, after, LogReadLimit.Default, cancel)).OrThrow();
                foreach (var record in page.Records)
                    seen[(record.Position.Commit.Value / 8) - 1] = Stopwatch.GetTimestamp();
                after = page.Through;
            }
        }
    }
}
