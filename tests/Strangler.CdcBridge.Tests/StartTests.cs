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

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The slot is there before, so that nothing is missed.</summary>
    [Fact]
    public async Task RunAsync_SnapshotIsDelayed_WhatIsCommittedMeanwhileComesInTheStream()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        await source.ExecuteAsync("insert into item values (1)");
        await using var bridge = RunningBridge.StartAsConnector(source, ("snapshot.delay.ms", "2000"));
        await bridge.RecordsAsync(_ => bridge.Monitor.Status is BridgeStatus.Wait { Reason: var why } && IsDelay(why));

        await source.ExecuteAsync("insert into item values (2)");
        var records = await bridge.RecordsAsync(records => records.Count(IsRow) == 2);

        Assert.Equal(["r", "c"], records.Where(IsRow).Select(Operation));

        static bool IsDelay(string why) => why.Contains("snapshot.delay.ms", StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_StreamIsDelayed_OnlyBehindASnapshot()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(source, log, changes: [("Source:streaming.delay.ms", "1000")]))
        {
            await first.RecordsAsync(_ =>
                first.Monitor.Status is BridgeStatus.Wait { Reason: var why } && IsDelay(why)
            );
            Assert.False(
                await source.ScalarAsync<bool>(
                    $"select active from pg_replication_slots where slot_name = '{source.Slot}'"
                )
            );
            await source.ExecuteAsync("insert into item values (1)");
            await first.RecordsAsync(records => records.Any(IsRow));
        }

        await using var second = RunningBridge.Start(source, log, changes: [("Source:streaming.delay.ms", "86400000")]);
        await source.ExecuteAsync("insert into item values (2)");
        await second.RecordsAsync(records => records.Count(IsRow) == 2);

        static bool IsDelay(string why) => why.Contains("streaming.delay.ms", StringComparison.Ordinal);
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
            var fault = await Assert.ThrowsAsync<FaultException>(() => refused.Completion.WaitAsync(Cancel));
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
        await using var bridge = RunningBridge.StartAsConnector(source, ("heartbeat.interval.ms", "100"));
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

    private static bool IsRow(LogRecord record) => record.Kind == LogRecordKind.Data;

    private static string Operation(LogRecord record) =>
        System.Text.Json.JsonDocument.Parse(record.Value).RootElement.GetProperty("op").GetString()!;
}
