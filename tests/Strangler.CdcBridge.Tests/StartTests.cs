using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What a start waits for, and what it says of the source.</summary>
public sealed class StartTests(PostgresFixture postgres)
{
    private const string Tables = "create table item (id int primary key); create table part (id int primary key)";

    private const string ADay = "86400000";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The slot is there before, so that nothing is missed; nothing is read until the delay is over.</summary>
    [Fact]
    public async Task RunAsync_SnapshotIsDelayed_TheSlotExistsAndNothingIsRead()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        await source.ExecuteAsync("insert into item values (1)");
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var waiting = RunningBridge.Start(source, log, changes: [("Source:snapshot.delay.ms", ADay)]))
        {
            var records = await waiting.RecordsAsync(_ => Waits(waiting, "snapshot.delay.ms"));
            Assert.Empty(records);
            Assert.Equal(1, await SlotsAsync(source));
        }

        await using var bridge = RunningBridge.Start(source, log, changes: [("Source:snapshot.delay.ms", "1")]);
        Assert.Single(await bridge.CaughtUpAsync(source), IsRow);
    }

    [Fact]
    public async Task RunAsync_StreamIsDelayed_OnlyBehindASnapshot()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var waiting = RunningBridge.Start(source, log, changes: [("Source:streaming.delay.ms", ADay)]))
        {
            await waiting.RecordsAsync(_ => Waits(waiting, "streaming.delay.ms"));
            Assert.False(
                await source.ScalarAsync<bool>(
                    $"select active from pg_replication_slots where slot_name = '{source.Slot}'"
                )
            );
            await source.ExecuteAsync("insert into item values (1)");
        }

        await using var second = RunningBridge.Start(source, log, changes: [("Source:streaming.delay.ms", ADay)]);
        await second.RecordsAsync(records => records.Any(IsRow));
    }

    [Fact]
    public async Task RunAsync_MoreTablesThanMayBe_IsSaidOrRefused()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        (string, string) atMost = ("guardrail.collections.max", "1");
        await using (
            var refused = RunningBridge.StartAsConnector(source, atMost, ("guardrail.collections.limit.action", "fail"))
        )
        {
            var fault = await Assert.ThrowsAsync<FaultException>(() =>
                refused.Completion.WaitAsync(TimeSpan.FromMinutes(1), Cancel)
            );
            Assert.Contains(
                "2 tables would be captured, and at most 1 may be: public.item, public.part.",
                fault.Message,
                StringComparison.Ordinal
            );
        }
        Assert.Equal(
            0,
            await source.ScalarAsync<long>(
                "select count(*) from pg_replication_slots where database = current_database()"
            )
        );

        await using var bridge = RunningBridge.StartAsConnector(source, atMost);
        await bridge.SaidAsync("2 tables would be captured");
        await source.ExecuteAsync("insert into part values (1)");
        await bridge.RecordsAsync(records => records.Any(IsRow));
        await using var enough = RunningBridge.StartAsConnector(
            source,
            ("guardrail.collections.max", "1"),
            ("table.include.list", "public.item"),
            ("slot.name", $"{source.Slot}_2"),
            ("publication.name", "other")
        );
        await enough.CaughtUpAsync(source);
        Assert.DoesNotContain(enough.Said.Lines, line => line.Contains("would be captured", StringComparison.Ordinal));
        await enough.StopAsync();
        await source.ScalarAsync<object>($"select pg_drop_replication_slot('{source.Slot}_2')");
    }

    /// <summary>Each commit is behind the other: the stream is never idle.</summary>
    [Fact]
    public async Task RunAsync_StreamThatIsNeverIdle_HasHeartbeats()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        await using var bridge = RunningBridge.StartAsConnector(source, ("heartbeat.interval.ms", "1"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            "do $$ begin for i in 1..20000 loop insert into item values (i); commit; end loop; end $$"
        );
        var records = await bridge.RecordsAsync(records => records.Count(IsRow) == 20_000);

        var within = records.SkipWhile(record => !IsRow(record)).Reverse().SkipWhile(record => !IsRow(record));
        Assert.True(within.Count(record => record.Kind == LogRecordKind.Heartbeat) >= 3);
        Assert.Equal(records.Count, records.Select(record => record.Position).Distinct().Count());
        Assert.Equal(records.Select(record => record.Position).Order(), records.Select(record => record.Position));
    }

    [Theory]
    [InlineData(15, null)]
    [InlineData(14, "tested with 15 only")]
    [InlineData(16, "tested with 15 only")]
    [InlineData(18, "tested with 15 only")]
    [InlineData(19, "doesn't know")]
    public void OfVersion_Major_IsSaidUnlessTested(int major, string? words)
    {
        var fault = SourceChecks.OfVersion(major);

        if (words is null)
            Assert.Null(fault);
        else
            Assert.Contains(words, fault!.Problem, StringComparison.Ordinal);
    }

    private static bool Waits(RunningBridge bridge, string why) =>
        bridge.Monitor.Status is BridgeStatus.Wait { Reason: var reason }
        && reason.Contains(why, StringComparison.Ordinal);

    private static Task<long> SlotsAsync(SourceDatabase source) =>
        source.ScalarAsync<long>("select count(*) from pg_replication_slots where database = current_database()");

    private static bool IsRow(LogRecord record) => record.Kind == LogRecordKind.Data;
}
