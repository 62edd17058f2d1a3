using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Histories;

/// <summary>
/// The range of the log that the server sends again is kept, is compared, and is acknowledged only then.
/// </summary>
public sealed class ComparedRangeTests(PostgresFixture postgres)
{
    private const string Items = "create table item (id int primary key, v int)";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>What is acknowledged isn't sent again: after a kill here, nothing would be left to compare.</summary>
    [Fact]
    public async Task RunAsync_ComparisonUnderWay_NothingIsAcknowledged()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Items);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            log.EndBehind(append => append.Records.Count > 0);
            await source.ExecuteAsync("insert into item values (1, 0)");
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                first.Completion.WaitAsync(TimeSpan.FromSeconds(60), Cancel)
            );
        }
        var (before, _) = await source.SlotAsync();
        var during = new TaskCompletionSource<Lsn>();
        log.HoldComparison(async () =>
        {
            await source.RepliedTwiceAsync();
            during.SetResult((await source.SlotAsync()).Confirmed);
        });

        await using var second = RunningBridge.Start(source, log);
        var confirmed = await during.Task.WaitAsync(TimeSpan.FromMinutes(3), Cancel);

        Assert.Equal(before, confirmed);
        await LoggedRows.BecomeEqualAsync(second, source);
    }

    /// <summary>
    /// A server that crashes restarts from where it would decode, which is before what was confirmed.
    /// </summary>
    [Fact]
    public async Task RunAsync_Retention_KeepsAllThatTheServerMaySendAgain()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Items);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using var bridge = RunningBridge.Start(
            source,
            log,
            RunningBridge.Timings with
            {
                Retention = TimeSpan.FromMilliseconds(50),
            }
        );
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync("insert into item values (1, 0)");
        await UntilAsync(async () => await source.SlotAsync() is var (confirmed, restart) && confirmed > restart);

        log.Kept = null;
        await UntilAsync(() => Task.FromResult(log.Kept is not null));

        Assert.True(
            log.Kept!.Value.Commit <= (await source.SlotAsync()).Restart,
            $"{log.Kept} is after the point where the server begins again."
        );
    }

    /// <summary>What retention has dropped can't be compared: it isn't a difference.</summary>
    [Fact]
    public async Task RunAsync_ServerSendsWhatRetentionDropped_GoesOn()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Items);
        var log = new InMemoryChangeLog(TimeProvider.System, new EmbeddedLogOptions { SegmentBytes = 1 });
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            await first.StopAsync();
        }
        await source.ScalarAsync<object>(
            $"select pg_copy_logical_replication_slot('{source.Slot}', '{source.Slot}_copy')"
        );
        await using (var second = RunningBridge.Start(source, log))
        {
            for (var id = 1; id <= 3; id++)
            {
                await source.ExecuteAsync($"insert into item values ({id}, 0)");
                await second.CaughtUpAsync(source);
            }
            await second.StopAsync();
        }
        await FaultTests.DropSlotAsync(source);
        await source.ScalarAsync<object>(
            $"select pg_copy_logical_replication_slot('{source.Slot}_copy', '{source.Slot}')"
        );
        await using (var retaining = await log.OpenAppenderAsync(RunningBridge.Prefix, Cancel))
            Assert.True(await retaining.RetainAsync(new LogRetention(TimeSpan.FromDays(-1), null), Cancel) > 0);
        Assert.True((await ExtentAsync(log)).Begin.Commit > (await source.SlotAsync()).Confirmed);

        await using var third = RunningBridge.Start(source, log);
        await UntilAsync(async () =>
            third.Completion.IsCompleted || (await ExtentAsync(log)).VerifiedServer is not null
        );

        Assert.Equal(1, (await ExtentAsync(log)).End!.Value.Epoch);
        Assert.False(third.Completion.IsCompleted);
    }

    private static async Task<LogExtent> ExtentAsync(InMemoryChangeLog log) =>
        (await log.ExtentAsync(RunningBridge.Prefix, Cancel))!;

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(40));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
