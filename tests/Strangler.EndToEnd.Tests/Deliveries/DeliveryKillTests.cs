using Strangler.EndToEnd.Tests.Harness;
using Strangler.EndToEnd.Tests.Soak;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// <c>kill -9</c> of the bridge, the broker and the database under load: what a consumer finds in Kafka is what has
/// committed.
/// </summary>
[Collection(nameof(DeliveryServers))]
[Trait("Category", "Long")]
public sealed class DeliveryKillTests(DeliveryServers servers)
{
    private const string Chunk = "bridge.chunk-stored";
    private const string Compared = "bridge.history-compared";
    private const string Stored = "bridge.stored-not-acknowledged";

    /// <summary>More than a mark in the control topic takes, and less than the rows of one insertion.</summary>
    private const int RowsBytes = 8_000;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bridge_KilledAtEachNamedPointAndUnderLoad_DeliversWhatCommitted()
    {
        await using var run = await DeliveryRun.StartAsync(servers, HistoryWriter.Tables);
        using var kills = new KillLog();
        await using var writer = run.Write(Seeds.Next());
        foreach (var (point, pass) in new[] { (Stored, 5), (Compared, 1), (Chunk, 2) })
        {
            await writer.WroteAsync(20, Cancellation);
            await run.Bridge.KillAsync();
            run.Bridge.Start(kills.At(point, pass));
            if (point == Chunk)
                await writer.WriteLargeAsync(8_000, 4, Cancellation);
            await run.Bridge.WaitForExitAsync(Cancellation);
            Assert.Equal(1, kills.Hits(point));
        }
        await run.BeginAsync();
        for (var kill = 0; kill < 2; kill++)
        {
            await writer.WroteAsync(20, Cancellation);
            await run.Bridge.KillAsync();
            await run.BeginAsync();
        }

        var report = await run.CheckAsync(writer);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
    }

    /// <summary>
    /// Strangler's own format has no header that says the run, so where the topics ended before each start tells it.
    /// </summary>
    [Fact]
    public async Task BridgeWithAStore_KilledAtNamedPointsAndUnderLoad_DeliversWhatCommitted()
    {
        await using var run = await DeliveryRun.PrepareWithStoreAsync(servers, HistoryWriter.Tables);
        await run.BeginAsync();
        using var kills = new KillLog();
        await using var writer = run.Write(Seeds.Next());
        var ends = new List<IReadOnlyDictionary<Confluent.Kafka.TopicPartition, long>>();
        foreach (var (point, pass) in new[] { (Stored, 5), (Chunk, 2), (Compared, 1), ("", 0) })
        {
            await writer.WroteAsync(20, Cancellation);
            await run.Bridge.KillAsync();
            ends.Add(await run.EndsAsync());
            if (point.Length == 0)
            {
                await run.BeginAsync();
                continue;
            }
            run.Bridge.Start(kills.At(point, pass));
            if (point == Chunk)
                await writer.WriteLargeAsync(8_000, 4, Cancellation);
            await run.Bridge.WaitForExitAsync(Cancellation);
            Assert.Equal(1, kills.Hits(point));
        }
        await writer.WroteAsync(20, Cancellation);

        var report = await run.CheckAsync(writer, ends);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
    }

    /// <summary>
    /// The records are on their way, and nobody will hear whether they arrived: a hanging broker has them in its
    /// sockets when the bridge is killed, and stores them afterwards.
    /// </summary>
    [Fact]
    public async Task Bridge_KilledBeforeTheBrokerAnswers_RepeatsOnlyWhatWasInFlight()
    {
        await using var run = await DeliveryRun.StartAsync(servers, HistoryWriter.Tables);
        await using var writer = run.Write(Seeds.Next());
        await writer.WroteAsync(20, Cancellation);
        var transactions = new List<CommittedTransaction>(await writer.EndAsync(Cancellation));
        await run.CaughtUpAsync(); // so that the next request has rows, and not the mark after some

        await servers.HangBrokerAsync();
        transactions.Add(await InsertAsync(run, 5_000_000));
        var (unread, before) = (0L, 0L);
        await Until.TrueAsync(
            async () =>
            {
                (before, unread) = (unread, await servers.UnreadAsync());
                return unread > RowsBytes && unread == before;
            },
            () => $"Nothing was sent to the broker.\n{run.Words()}",
            Cancellation
        );
        await run.Bridge.KillAsync();
        await servers.WakeBrokerAsync();
        await run.BeginAsync();
        transactions.Add(await InsertAsync(run, 6_000_000));

        var report = await run.CheckAsync([], transactions, HistoryWriter.Keys);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
        Assert.InRange(report.RepeatCount, 1, DeliveryCheck.Window);
    }

    /// <summary>
    /// The broker is away for longer than the server waits for an answer of the bridge: the stream stays open, nothing
    /// is read into memory, and all that has committed meanwhile comes once.
    /// </summary>
    [Fact]
    public async Task Broker_KilledAndAwayForLongerThanTheServersTimeout_StreamWaits()
    {
        await using var run = await DeliveryRun.PrepareAsync(servers, HistoryWriter.Tables);
        await run.ExecuteAsync($"alter database {run.Prefix} set wal_sender_timeout = '6s'");
        await run.BeginAsync(SmallHeap);
        await using var writer = run.Write(Seeds.Next());
        await writer.WroteAsync(20, Cancellation);
        await run.CaughtUpAsync(); // the topics exist
        var before = await run.WalsenderAsync();

        await servers.Broker.KillAsync();
        var since = await run.ScalarAsync<DateTime>("select now()");
        await writer.WriteLargeAsync(20_000, 4, Cancellation);
        await Until.TrueAsync(
            () =>
                run.ScalarAsync<bool>(
                    $"select bool_or(reply_time > '{since:O}'::timestamptz + interval '7 s') from pg_stat_replication "
                        + $"where pid = {before}"
                ),
            () => $"The walsender has ended, or had no reply.\n{run.Words()}",
            Cancellation
        );
        await servers.Broker.StartAgainAsync();
        await writer.WroteAsync(20, Cancellation);
        var report = await run.CheckAsync(writer);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
        Assert.Equal(before, await run.WalsenderAsync());
        Assert.Equal((1, 0), (report.RunCount, report.RepeatCount));
    }

    /// <summary>The bridge gives the broker up, says so, and begins again where the log ends.</summary>
    [Fact]
    public async Task Broker_KilledAndAwayForLongerThanItsOwnLimit_BridgeBeginsAgain()
    {
        await using var run = await DeliveryRun.StartAsync(
            servers,
            HistoryWriter.Tables,
            ("producer.override.delivery.timeout.ms", "1500")
        );
        await using var writer = run.Write(Seeds.Next());
        await writer.WroteAsync(20, Cancellation);
        await run.CaughtUpAsync(); // the topics exist

        await servers.Broker.KillAsync();
        await run.Bridge.WaitForLineAsync("confirmed nothing for 1.5 s", Cancellation);
        await servers.Broker.StartAgainAsync();
        await writer.WroteAsync(20, Cancellation);
        var report = await run.CheckAsync(writer);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
        Assert.False(run.Bridge.HasExited);
    }

    /// <summary>A crash, a restart, and a walsender that is ended or killed: the same bridge connects again.</summary>
    [Fact]
    public async Task Database_KilledRestartedAndItsWalsenderEnded_DeliversWhatCommitted()
    {
        await using var run = await DeliveryRun.StartAsync(servers, HistoryWriter.Tables);
        await using var writer = run.Write(Seeds.Next());
        Func<Task>[] ends =
        [
            servers.KillSourceAsync,
            async () =>
            {
                await servers.Source.StopAsync(immediate: false, Cancellation);
                await servers.Source.StartAgainAsync(Cancellation);
            },
            async () => await run.ExecuteAsync($"select pg_terminate_backend({await run.WalsenderAsync()})"),
            async () => await Signals.SendAsync("KILL", [await run.WalsenderAsync()], Cancellation),
        ];
        foreach (var end in ends)
        {
            await writer.WroteAsync(20, Cancellation);
            await end();
        }
        await writer.WroteAsync(20, Cancellation);

        var report = await run.CheckAsync(writer);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
        Assert.False(run.Bridge.HasExited);
    }

    /// <summary>
    /// The snapshot begins again. Rows that were deleted in between are found by who reads the topics, as after
    /// Debezium's; everything else is once in its order.
    /// </summary>
    [Fact]
    public async Task Bridge_KilledWithinTheSnapshot_ReadsEveryRow()
    {
        await using var run = await DeliveryRun.PrepareAsync(
            servers,
            HistoryWriter.Tables
                + "; insert into item select g, 0, 'old' from generate_series(100001, 105000) g"
                + "; insert into line select 9, g, 0 from generate_series(1, 3000) g"
        );
        using var kills = new KillLog();
        run.Bridge.Start(kills.At("bridge.snapshot-half-written", 2));
        await run.Bridge.WaitForExitAsync(Cancellation);
        Assert.Equal(1, kills.Hits("bridge.snapshot-half-written"));
        await run.ExecuteAsync("delete from item where id <= 100100");
        var initial = await run.InitialAsync([.. HistoryWriter.Keys]);
        await run.BeginAsync();
        await using var writer = run.Write(Seeds.Next());
        await writer.WroteAsync(20, Cancellation);

        var report = await run.CheckAsync(initial, await writer.EndAsync(Cancellation), HistoryWriter.Keys);

        Assert.NotEqual(0, report.RepeatCount);
        Assert.All(report.Faults, fault => Assert.True(IsGhost(fault), $"{fault}\n{run.Words()}"));

        static bool IsGhost(DeliveryFault fault) =>
            fault switch
            {
                DeliveryFault.Phantom({ Op: "r", Row: var row }) => row.Contains("\"old\"", StringComparison.Ordinal),
                DeliveryFault.State { Row: null, Replayed: { } row } => row.Contains(
                    "\"old\"",
                    StringComparison.Ordinal
                ),
                _ => false,
            };
    }

    private static Task<CommittedTransaction> InsertAsync(DeliveryRun run, int first) =>
        run.CommitAsync(
            statements: (
                "item",
                "c",
                $"insert into item as t select g, 1, 'new' from generate_series({first}, {first + 19}) g "
                    + "returning format('{\"id\":%s}', id), row_to_json(t)::text"
            )
        );

    /// <summary>200 MB of managed heap, in hexadecimal as the runtime expects it.</summary>
    private static Dictionary<string, string?> SmallHeap => new() { ["DOTNET_GCHeapHardLimit"] = "BEBC200" };
}
