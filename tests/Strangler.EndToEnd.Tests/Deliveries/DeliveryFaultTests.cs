using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Strangler.EndToEnd.Tests.Harness;
using Xunit;

namespace Strangler.EndToEnd.Tests.Deliveries;

/// <summary>
/// Slots, publications, tables and topics that change under the bridge: what a consumer finds in Kafka is what has
/// committed, or the bridge says what is missing.
/// </summary>
/// <remarks>
/// Where each kind of fault is tested, first without Kafka and then with it; a test without a class is of this folder.
/// <list type="bullet">
/// <item>Bridge killed anywhere: KillTests, RestartTests; Bridge_Killed…, BridgeWithAStore_Killed….</item>
/// <item>Killed within a snapshot: KillTests, RestartTests; Bridge_KilledWithinTheSnapshot….</item>
/// <item>
/// Broker killed, away, hanging, topic deleted, record too large: none; Broker_Killed…, Topic_Deleted…, Record_…,
/// and of the log alone KafkaKillTests, KafkaFaultTests, KafkaSecurityTests. One of three brokers, and a leader that
/// moves: none.
/// </item>
/// <item>
/// Database killed, restarted, walsender ended, connections that carry nothing: ServerTests, KillTests, the soak;
/// Database_Killed…, Connections_Carry….
/// </item>
/// <item>
/// Slot dropped, made again, advanced, invalidated, in use: Sources' FaultTests, RestartTests, StartDecisionTests;
/// Slot_…, SecondBridge_….
/// </item>
/// <item>Publication dropped or altered: SourceTableTests, UnseenChangeTests, the soak; Publication_….</item>
/// <item>
/// Tables altered in mid-stream, or while no bridge runs: ChangeTests, UnseenChangeTests; KafkaCaseTests
/// ('schema-changes', 'tables-renamed-and-recreated', 'defaults-changed-in-mid-stream'), Table_Altered….
/// </item>
/// <item>
/// Keys and identities, values that were not sent, extreme values, names: ChangeTests, PlaceholderTests,
/// ExtremeValueTests, TableNameTests, SharedTopicTests, CaseTests; the same cases in KafkaCaseTests.
/// </item>
/// <item>
/// Large transactions, subtransactions, prepared ones: LargeTransactionTests, ChangeTests; Broker_KilledAndAway…,
/// Transaction_….
/// </item>
/// <item>
/// Duplicates, compaction, readers that begin again: ApplierPropertyTests, with both logs; KafkaFaultTests.
/// </item>
/// <item>Values that can't be converted: UnconvertedKeyTests, SourceEncodingTests; KafkaCaseTests.</item>
/// <item>Idle tables under foreign load: ChangeTests' heartbeats; Slot_TablesIdle….</item>
/// <item>Little memory, little processor time: LargeTransactionTests; Broker_KilledAndAway…, the soak.</item>
/// </list>
/// </remarks>
[Collection(nameof(DeliveryServers))]
[Trait("Category", "Long")]
public sealed class DeliveryFaultTests(DeliveryServers servers)
{
    private const string Item = "create table item (id int primary key, v int, note text)";
    private static readonly (string, string)[] Keys = [("item", "id")];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>What is done to the slot while no bridge runs, and the words of the fault.</summary>
    public static TheoryData<string, string> Slots =>
        new()
        {
            { "select pg_drop_replication_slot('{0}')", "It was dropped. What was committed between" },
            {
                "select pg_drop_replication_slot('{0}'); "
                    + "select pg_create_logical_replication_slot('{0}', 'pgoutput')",
                "It has been confirmed through"
            },
            { "select pg_replication_slot_advance('{0}', pg_current_wal_lsn())", "It has been confirmed through" },
        };

    [Theory]
    [MemberData(nameof(Slots))]
    public async Task Slot_LostWhileTheBridgeIsDown_IsAFaultThatNamesTheInterval(string sql, string words)
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        await run.CommitAsync(statements: Insert(1, 5));
        await run.CaughtUpAsync();
        await run.StopAsync();
        await run.CommitAsync(statements: Insert(6, 9));
        await run.ExecuteAsync(string.Format(null, sql, run.Prefix));

        run.Bridge.Start();

        Assert.Contains(words, await run.FaultAsync(), StringComparison.Ordinal);
    }

    /// <summary>max_slot_wal_keep_size takes what the slot still needs.</summary>
    [Fact]
    public async Task Slot_InvalidatedWhileTheBridgeIsDown_IsAFaultThatNamesTheInterval()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        await run.CaughtUpAsync();
        await run.StopAsync();
        await run.ExecuteAsync("alter system set max_slot_wal_keep_size = '1MB'");
        try
        {
            await run.ExecuteAsync("select pg_reload_conf()");
            await Until.TrueAsync(
                async () =>
                {
                    await run.ExecuteAsync(
                        "select pg_logical_emit_message(false, 'test', repeat('x', 1000000)), pg_switch_wal()"
                    );
                    await run.ExecuteAsync("checkpoint");
                    return await run.ScalarAsync<string>(
                            $"select wal_status from pg_replication_slots where slot_name = '{run.Prefix}'"
                        ) == "lost";
                },
                () => "The slot was not invalidated.",
                Cancellation
            );
        }
        finally
        {
            await run.ExecuteAsync("alter system reset max_slot_wal_keep_size");
            await run.ExecuteAsync("select pg_reload_conf()");
        }

        run.Bridge.Start();

        var said = await run.FaultAsync();
        Assert.Contains("The server has invalidated it (wal_status 'lost'", said, StringComparison.Ordinal);
        Assert.Contains("what was committed between", said, StringComparison.Ordinal);
    }

    /// <summary>It waits ten seconds for a slot that may be about to be left.</summary>
    [Fact]
    [Trait("Category", "Long")]
    public async Task SecondBridge_OnTheSameSlot_IsRefusedAndTheFirstGoesOn()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        await using var second = new RunningPart("second", run.Command);
        var one = await run.CommitAsync(statements: Insert(1, 5));

        second.Start();
        await second.WaitForExitAsync(Cancellation);
        var other = await run.CommitAsync(statements: Insert(6, 9));
        var report = await run.CheckAsync([], [one, other], Keys);

        Assert.Contains(second.Lines, line => line.Contains("is in use by process", StringComparison.Ordinal));
        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
        Assert.Equal(1, report.RunCount);
    }

    /// <summary>What commits without a publication is in no stream: the bridge says so, and reads all again.</summary>
    [Fact]
    public async Task Publication_DroppedUnderWay_IsSaidAndANewSnapshotHasTheRows()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        var before = await run.CommitAsync(statements: Insert(1, 3));
        await run.CaughtUpAsync();
        await run.ExecuteAsync($"drop publication {run.Prefix}");
        await run.CommitAsync(statements: Insert(4, 6));

        await run.Bridge.WaitForLineAsync("a new snapshot is taken", Cancellation);
        await Until.TrueAsync(
            () =>
                Task.FromResult(
                    run.Bridge.Lines.Count(line => line.Contains("The snapshot has ended", StringComparison.Ordinal))
                        == 2
                ),
            () => $"There was no second snapshot.\n{run.Words()}",
            Cancellation
        );
        var after = await run.CommitAsync(statements: Insert(7, 9));
        var report = await run.CheckAsync([], [before, after], Keys);

        Assert.All(
            report.Faults,
            fault => Assert.True(fault is DeliveryFault.Phantom { Event.Op: "r" }, $"{report}\n{run.Words()}")
        );
        Assert.False(run.Bridge.HasExited);
    }

    /// <summary>The bridge owns the publication: it puts the table back, and says what it has missed.</summary>
    [Fact]
    public async Task Publication_LosesATable_IsMendedAndSaid()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        var before = await run.CommitAsync(statements: Insert(1, 3));
        await run.CaughtUpAsync();
        await run.ExecuteAsync($"alter publication {run.Prefix} drop table item; insert into item values (4, 0, 'a')");

        await run.Bridge.WaitForLineAsync("did not match the captured tables", Cancellation);
        await Until.TrueAsync(
            () =>
                run.ScalarAsync<bool>(
                    $"select exists (select from pg_publication_tables where pubname = '{run.Prefix}')"
                ),
            () => $"The table did not come back.\n{run.Words()}",
            Cancellation
        );
        var after = await run.CommitAsync(statements: Insert(7, 9));
        var report = await run.CheckAsync([], [before, after], Keys);

        Assert.All(
            report.Faults,
            fault =>
                Assert.True(
                    fault is DeliveryFault.State { Replayed: null } or DeliveryFault.Phantom { Event.Op: "r" },
                    $"{report}\n{run.Words()}"
                )
        );
        Assert.Contains("item", run.Words(), StringComparison.Ordinal);
    }

    /// <summary>Rows before and after an alteration that nobody streamed have the columns of their time.</summary>
    [Fact]
    public async Task Table_AlteredWhileTheBridgeIsDown_RowsHaveTheColumnsOfTheirTime()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        var all = new List<CommittedTransaction> { await run.CommitAsync(statements: Insert(1, 3)) };
        await run.CaughtUpAsync();
        await run.StopAsync();
        all.Add(await run.CommitAsync(statements: Insert(4, 6)));
        await run.ExecuteAsync("alter table item add more int, drop note; alter table item rename v to w");
        all.Add(await run.CommitAsync(statements: ("item", "u", Update("w = w + 1, more = 7", "id = 1"))));
        all.Add(
            await run.CommitAsync(
                statements:
                [
                    ("item", "u", Update("more = 8", "id = 2")),
                    ("item", "c", "alter table item add late text; " + Inserted("(7, 7, 7, 'x')")),
                    ("item", "u", Update("late = 'y'", "id = 7")),
                ]
            )
        );

        await run.BeginAsync();
        var report = await run.CheckAsync([], all, Keys);

        // Rows that nobody has changed since still have the columns of their event.
        Assert.All(report.Faults, fault => Assert.IsType<DeliveryFault.State>(fault));
        Assert.Equal(6, report.Faults.Count); // all but the last one
    }

    /// <summary>Prepared transactions come with their second commit, or never.</summary>
    [Fact]
    public async Task Transaction_Prepared_ComesWhenItIsCommittedAndNotWhenItIsRolledBack()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        var kept = await run.CommitAsync($"prepare transaction '{run.Prefix}1'", Insert(1, 3));
        await run.CommitAsync($"prepare transaction '{run.Prefix}2'", Insert(11, 13));
        var between = await run.CommitAsync(statements: Insert(21, 23));
        await run.CaughtUpAsync();
        await run.Bridge.KillAsync();
        await run.ExecuteAsync($"commit prepared '{run.Prefix}1'");
        await run.ExecuteAsync($"rollback prepared '{run.Prefix}2'");
        await run.BeginAsync();

        var report = await run.CheckAsync([], [between, kept], Keys);

        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
    }

    [Fact]
    public async Task Record_OverTheBrokersLimit_IsAFaultAndComesOnceTheLimitIsRaised()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        var all = new List<CommittedTransaction> { await run.CommitAsync(statements: Insert(1, 3)) };
        await run.CaughtUpAsync();
        all.Add(await run.CommitAsync(statements: ("item", "c", Inserted("(4, 0, repeat('x', 3000000))"))));
        all.Add(await run.CommitAsync(statements: Insert(5, 7)));

        var said = await run.FaultAsync();
        using (var admin = new AdminClientBuilder([new("bootstrap.servers", run.Address)]).Build())
            await admin.IncrementalAlterConfigsAsync(
                new Dictionary<ConfigResource, List<ConfigEntry>>
                {
                    [new() { Type = ResourceType.Topic, Name = $"{run.Prefix}.public.item" }] =
                    [
                        new()
                        {
                            Name = "max.message.bytes",
                            Value = "5000000",
                            IncrementalOperation = AlterConfigOpType.Set,
                        },
                    ],
                }
            );
        await run.ConfigureAsync(("producer.override.max.request.size", "5000000"));
        await run.BeginAsync();
        var report = await run.CheckAsync([], all, Keys);

        Assert.Contains($"{run.Prefix}.public.item", said, StringComparison.Ordinal);
        Assert.Contains("max.request.size", said, StringComparison.Ordinal);
        Assert.True(report.Faults.Count == 0, $"{report}\n{run.Words()}");
    }

    /// <summary>What was in the topic is gone with it; everything that commits later comes.</summary>
    [Fact]
    public async Task Topic_DeletedUnderWay_IsMadeAgainForWhatCommitsLater()
    {
        await using var run = await DeliveryRun.StartAsync(servers, Item);
        await run.CommitAsync(statements: Insert(1, 3));
        await run.CaughtUpAsync();
        using (var admin = new AdminClientBuilder([new("bootstrap.servers", run.Address)]).Build())
            await admin.DeleteTopicsAsync([$"{run.Prefix}.public.item"]);

        var later = await run.CommitAsync(statements: Insert(4, 6));
        var report = await run.CheckAsync([], [later], Keys);

        Assert.All(report.Faults, fault => Assert.True(fault is DeliveryFault.State { Replayed: null }, $"{report}"));
        Assert.Equal(3, report.Faults.Count); // 1 to 3
        Assert.False(run.Bridge.HasExited);
    }

    /// <summary>The captured table is idle, and everything else on the server is not.</summary>
    [Fact]
    public async Task Slot_TablesIdleUnderForeignLoad_HoldsBackNoLog()
    {
        await using var run = await DeliveryRun.StartAsync(
            servers,
            Item + "; create table other (id int primary key)",
            ("table.include.list", "public.item")
        );
        await using var foreign = await DeliveryRun.PrepareAsync(servers, "create table load (v text)");
        await foreign.ExecuteAsync("insert into load select repeat('x', 1000) from generate_series(1, 20000)");
        await run.ExecuteAsync("insert into other select generate_series(1, 20000)");

        await run.CaughtUpAsync();
        await foreign.ExecuteAsync("insert into load select repeat('x', 1000) from generate_series(1, 20000)");
        await run.CaughtUpAsync();

        await Until.TrueAsync(
            async () =>
            {
                await run.ExecuteAsync("checkpoint"); // which writes from where the slot may begin to read
                return await run.ScalarAsync<bool>(
                    "select pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) < 10000000 "
                        + $"from pg_replication_slots where slot_name = '{run.Prefix}'"
                );
            },
            () => $"The slot holds back what is long over.\n{run.Words()}",
            Cancellation
        );
    }

    private static (string, string, string) Insert(int first, int last) =>
        (
            "item",
            "c",
            "insert into item as t select g, 0, 'a' from generate_series("
                + $"{first}, {last}) g returning format('{{\"id\":%s}}', id), "
                + "row_to_json(t)::text"
        );

    private static string Inserted(string values) =>
        $"insert into item as t values {values} returning format('{{\"id\":%s}}', id), " + "row_to_json(t)::text";

    private static string Update(string set, string where) =>
        $"update item as t set {set} where {where} returning format('{{\"id\":%s}}', id), " + "row_to_json(t)::text";
}
