using Strangler.ChangeLog;
using Strangler.Foundation.Postgres;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Histories;

/// <summary>When a log is trusted, around starts and ends of the bridge.</summary>
public sealed class HistoryTrustTests(PostgresFixture postgres)
{
    /// <summary>
    /// Killed where the new epoch was decided and nothing of it was stored: the slot is the only evidence, and it still
    /// exists.
    /// </summary>
    [Fact]
    public async Task RunAsync_EndedBeforeTheNewEpochIsStored_BeginsItAtTheNextStart()
    {
        await using var cluster = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(cluster.Source, log))
        {
            await first.CaughtUpAsync(cluster.Source);
            await cluster.CopyAsync("copy");
            await cluster.Source.ExecuteAsync("update item set v = 1");
            await first.CaughtUpAsync(cluster.Source);
            await first.StopAsync();
        }
        var end = (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value;
        await cluster.StopAsync(immediate: true);
        await cluster.PutBackAsync("copy");
        await cluster.StartAgainAsync();
        await cluster.PassAsync(end.Commit);
        await cluster.Source.ExecuteAsync("update item set v = 2");
        var ending = new EndingLog(log) { EndsBeforeDiscard = true };
        await using (var second = RunningBridge.Start(cluster.Source, ending))
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                second.Completion.WaitAsync(TestContext.Current.CancellationToken)
            );

        await using var third = RunningBridge.Start(cluster.Source, ending);

        await LoggedRows.BecomeEqualAsync(third, cluster.Source);
        Assert.Equal(
            2,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }

    /// <summary>
    /// Rows changed without row events while no bridge ran: before the log is trusted, it says that they are in doubt,
    /// at the first position after its end.
    /// </summary>
    [Theory]
    [InlineData("alter type mood rename value 'good' to 'fine'")]
    [InlineData(
        "begin; drop table item; create table item (id int primary key, v int, mood mood); insert into item values "
            + "(7, 7, 'good'); commit"
    )]
    [InlineData("alter table item rename to item_away")]
    public async Task RunAsync_RowsChangedWithoutEventsMeanwhile_AreInDoubtBeforeTheLogIsTrusted(string change)
    {
        const string Table =
            "create type mood as enum ('good', 'bad'); create table item (id int primary key, v int, mood mood)";
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"{Table}; insert into item values (1, 1, 'good')"
        );
        var held = new InMemoryChangeLog(TimeProvider.System);
        var log = new EndingLog(held);
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            await first.StopAsync();
        }
        await source.ExecuteAsync(change);
        await source.ExecuteAsync("create table unrelated (id int primary key)");
        var trusted = new TaskCompletionSource<TableReplay>(TaskCreationOptions.RunContinuationsAsynchronously);
        log.Verified = () => trusted.TrySetResult(Replay(held));

        await using var second = RunningBridge.Start(source, log);

        var table = await trusted.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.True(table.IsInDoubt, $"{table}");

        static TableReplay Replay(InMemoryChangeLog log) =>
            TableReplay.Of(
                log.ReadAsync(RunningBridge.Prefix, Position.Start, LogReadLimit.Default, CancellationToken.None)
                    .Result.OrThrow()
                    .Records,
                $"{RunningBridge.Prefix}.public.item"
            );
    }

    /// <summary>
    /// Nobody writes, and no heartbeat arrives: the comparison ends by itself, and nothing starts over.
    /// </summary>
    [Fact]
    public async Task RunAsync_StartedAgainAtRest_IsTrustedAgain()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, SourceCluster.FiftyItems);
        var started = await source.ScalarAsync<string>(ServerRun.StartedSql);
        var log = new InMemoryChangeLog(TimeProvider.System);
        for (var run = 0; run < 3; run++)
        {
            var timings = RunningBridge.Timings with { Heartbeat = TimeSpan.FromHours(1) };
            await using var bridge = RunningBridge.Start(source, log, timings);

            await bridge.RecordsAsync(_ => Extent()?.VerifiedServer is not null && (run == 0 || IsComparedBy(bridge)));

            var extent = Extent()!;
            Assert.Equal((1, 1, started), (extent.End!.Value.Epoch, extent.TrustedEpoch, extent.VerifiedServer));
            await bridge.StopAsync();
        }

        LogExtent? Extent() => log.ExtentAsync(RunningBridge.Prefix, CancellationToken.None).Result; // it's in memory

        static bool IsComparedBy(RunningBridge bridge) =>
            bridge.Said.Lines.Any(line => line.Contains("look-ups may be answered again", StringComparison.Ordinal));
    }
}
