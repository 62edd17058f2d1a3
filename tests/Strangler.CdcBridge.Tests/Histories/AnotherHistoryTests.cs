using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Histories;

/// <summary>
/// The source has another history than the log. In the end the log's rows are the source's: automatically if nothing
/// was lost, else after one command.
/// </summary>
public sealed class AnotherHistoryTests(PostgresFixture postgres)
{
    /// <summary>
    /// A data directory that is put back on the same timeline, after which the source writes beyond the log's end
    /// before the bridge looks.
    /// </summary>
    [Fact]
    public async Task RunAsync_CopyPutBackAndWrittenBeyondTheLogsEnd_BeginsANewEpoch()
    {
        await using var cluster = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(cluster.Source, log))
        {
            await first.CaughtUpAsync(cluster.Source);
            await cluster.CopyAsync("copy");
            for (var id = 1; id <= 50; id++)
                await cluster.Source.ExecuteAsync(
                    $"update item set v = 1 where id = {id}; insert into item values ({100 + id}, 1)"
                );
            await first.CaughtUpAsync(cluster.Source);
            await first.StopAsync();
        }
        var end = (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value;
        await cluster.StopAsync(immediate: true);
        await cluster.PutBackAsync("copy");
        await cluster.StartAgainAsync();
        for (var id = 1; id <= 50; id++)
            await cluster.Source.ExecuteAsync(
                $"update item set v = 2 where id = {id % 7}; insert into item values ({200 + id}, 2)"
            );
        await cluster.PassAsync(end.Commit);
        await cluster.Source.ExecuteAsync("update item set v = 3 where id > 45");

        await using var second = RunningBridge.Start(cluster.Source, log);

        await LoggedRows.BecomeEqualAsync(second, cluster.Source);
        Assert.Equal(
            2,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }

    /// <summary>
    /// The same, but the source has published nothing since: the log has transactions that it never sends.
    /// </summary>
    [Fact]
    public async Task RunAsync_CopyPutBackThatPublishedNothing_BeginsANewEpoch()
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

        await using var second = RunningBridge.Start(cluster.Source, log);

        await LoggedRows.BecomeEqualAsync(second, cluster.Source);
        Assert.Equal(
            2,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }

    /// <summary>
    /// Put back to a time before its publication and slot were created. The bridge recovers automatically if the
    /// source's write position shows it, else after the documented command; if the publication isn't the bridge's to
    /// create, as soon as its owner has created it.
    /// </summary>
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task RunAsync_PutBackToBeforeThePublication_HasItsRows(bool mayPublish, bool wroteBeyond)
    {
        await using var cluster = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        await cluster.Source.ExecuteAsync(
            "create role lean login replication password 'p'; grant select on item to lean"
        );
        (string, string?)[] lean = mayPublish
            ? []
            :
            [
                ("Source:database.user", "lean"),
                ("Source:database.password", "p"),
                ("Source:publication.autocreate.mode", "disabled"),
            ];
        const string Publish = "CREATE PUBLICATION \"strangler\" FOR TABLE \"public\".\"item\"";
        await cluster.CopyAsync("copy");
        if (!mayPublish)
            await cluster.Source.ExecuteAsync(Publish);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(cluster.Source, log, changes: lean))
        {
            await first.CaughtUpAsync(cluster.Source);
            for (var id = 1; id <= 50; id++)
                await cluster.Source.ExecuteAsync($"update item set v = 1 where id = {id}");
            await first.CaughtUpAsync(cluster.Source);
            await first.StopAsync();
        }
        var end = (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value;
        await cluster.StopAsync(immediate: true);
        await cluster.PutBackAsync("copy");
        await cluster.StartAgainAsync();
        await cluster.Source.ExecuteAsync("insert into item values (300, 3)");
        Assert.True(await cluster.InsertLsnAsync() < end.Commit, "The source has passed the log's end already.");
        if (wroteBeyond)
        {
            await cluster.PassAsync(end.Commit);
            await using var stopped = RunningBridge.Start(cluster.Source, log, changes: lean);
            var fault = await Assert.ThrowsAsync<FaultException>(() =>
                stopped.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
            );
            Assert.Contains("'strangler bridge --resnapshot'", fault.Message, StringComparison.Ordinal);
        }
        (string, string?)[] changes = wroteBeyond ? [.. lean, ("Source:resnapshot", "true")] : lean;
        if (!mayPublish)
        {
            // It waits for the statement, and is restarted in the meantime, when the source has passed the log's end.
            await using (var waiting = RunningBridge.Start(cluster.Source, log, changes: changes))
            {
                await waiting.RecordsAsync(_ =>
                    waiting.Said.Lines.Any(line => line.Contains($"Run: {Publish}", StringComparison.Ordinal))
                );
                Assert.Contains(
                    waiting.Said.Lines,
                    line =>
                        line.Contains(
                            wroteBeyond ? "a new snapshot was asked for" : "the source was put back to an older copy",
                            StringComparison.Ordinal
                        )
                );
                await waiting.StopAsync();
            }
            await cluster.PassAsync(end.Commit);
        }

        await using var second = RunningBridge.Start(cluster.Source, log, changes: changes);
        if (!mayPublish)
        {
            await second.RecordsAsync(_ =>
                second.Said.Lines.Any(line => line.Contains($"Run: {Publish}", StringComparison.Ordinal))
            );
            await cluster.Source.ExecuteAsync(Publish);
        }

        await LoggedRows.BecomeEqualAsync(second, cluster.Source);
        Assert.Equal(
            2,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RunAsync_PromotedStandbyThatHasAll_HasItsRows(bool withSlot)
    {
        await using var cluster = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using var bridge = RunningBridge.Start(cluster.Source, log);
        await bridge.CaughtUpAsync(cluster.Source);
        await cluster.BackUpAsync("standby");
        await cluster.Source.ExecuteAsync("update item set v = 1 where id < 20");
        await bridge.CaughtUpAsync(cluster.Source);
        await cluster.StopAsync();

        await cluster.TakeOverAsync(
            "standby",
            slot: withSlot ? cluster.Source.Slot : null,
            until: () =>
                bridge.RecordsAsync(_ =>
                    bridge.Said.Lines.Any(line =>
                        line.Contains("the server is a standby so far", StringComparison.Ordinal)
                    )
                )
        );
        await cluster.Source.ExecuteAsync("update item set v = 2 where id < 10; delete from item where id > 40");

        await LoggedRows.BecomeEqualAsync(bridge, cluster.Source);
        Assert.Equal(
            withSlot ? 1 : 2,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }

    /// <summary>
    /// Recovered to a point before the log's end, so that the log has changes that this history never had; or to a
    /// point after it, while the bridge was down.
    /// </summary>
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task RunAsync_RecoveredToAPoint_HasItsRows(bool before, bool withSlot)
    {
        await using var cluster = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        var log = new InMemoryChangeLog(TimeProvider.System);
        Lsn target;
        await using (var first = RunningBridge.Start(cluster.Source, log))
        {
            await first.CaughtUpAsync(cluster.Source);
            await cluster.BackUpAsync("backup");
            await cluster.Source.ExecuteAsync("update item set v = 1 where id < 20");
            target = await cluster.InsertLsnAsync();
            await cluster.Source.ExecuteAsync("update item set v = 2 where id < 30");
            await first.CaughtUpAsync(cluster.Source);
            await first.StopAsync();
        }
        await cluster.Source.ExecuteAsync("update item set v = 3 where id < 5");
        if (!before)
            target = await cluster.InsertLsnAsync();
        await cluster.Source.ExecuteAsync("update item set v = 4 where id < 5");
        await cluster.StopAsync();
        await cluster.TakeOverAsync("backup", target, withSlot ? cluster.Source.Slot : null);
        await cluster.Source.ExecuteAsync("insert into item values (300, 5)");

        await using var second = RunningBridge.Start(cluster.Source, log);

        await LoggedRows.BecomeEqualAsync(second, cluster.Source);
        Assert.Equal(
            !before && withSlot ? 1 : 2,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }

    /// <summary>
    /// A server that was moved is the log's source; a copy whose original continued isn't, although identifier and
    /// timeline are the same.
    /// </summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task RunAsync_CopyAtAnotherAddress_GoesOnWhereTheOriginalDidNot(bool originalWentOn, int epoch)
    {
        await using var original = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        await using var copy = await SourceCluster.StartAsync(postgres, SourceCluster.FiftyItems);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(original.Source, log))
        {
            await first.CaughtUpAsync(original.Source);
            await original.Source.ExecuteAsync("update item set v = 1 where id < 10");
            await first.CaughtUpAsync(original.Source);
            await first.StopAsync();
        }
        await original.StopAsync();
        await copy.StopAsync();
        await copy.BecomeCopyOfAsync(original);
        if (originalWentOn)
        {
            await original.StartAgainAsync();
            await using var first = RunningBridge.Start(original.Source, log);
            await original.Source.ExecuteAsync("update item set v = 2 where id < 20");
            await first.CaughtUpAsync(original.Source);
            await first.StopAsync();
        }
        var end = (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value;
        await copy.StartAgainAsync();
        await copy.Source.ExecuteAsync("update item set v = 3 where id < 30");
        await copy.PassAsync(end.Commit);

        await using var second = RunningBridge.Start(copy.Source, log);

        await LoggedRows.BecomeEqualAsync(second, copy.Source);
        Assert.Equal(
            epoch,
            (await log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!.End!.Value.Epoch
        );
    }
}
