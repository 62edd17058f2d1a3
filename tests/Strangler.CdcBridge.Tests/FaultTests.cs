using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What a person has to fix is reported in a sentence, and nothing is lost.</summary>
public sealed class FaultTests(PostgresFixture postgres)
{
    /// <summary>SQL to run first, changed property, words of the fault.</summary>
    public static TheoryData<string, string, string, string> Sources =>
        new()
        {
            { "", "Source:database.dbname=nowhere", "The database 'nowhere' does not exist", "Create it" },
            { "", "Source:database.password=wrong", "refused the login 'postgres'", "pg_hba.conf" },
            { "", "Source:database.port=1", "No PostgreSQL answers", "correct host and port" },
            {
                "create role plain_{0} login password 'p'; grant usage on schema public to plain_{0}; grant select "
                    + "on item to plain_{0}",
                "Source:database.user=plain_{0}",
                "lacks the attribute REPLICATION",
                "ALTER ROLE"
            },
            {
                "create role blind_{0} login replication password 'p'",
                "Source:database.user=blind_{0}",
                "The login may not read it",
                "GRANT SELECT"
            },
            {
                "create role reader_{0} login replication password 'p'; grant select on item to reader_{0}",
                "Source:database.user=reader_{0}",
                "may not create the publication",
                "CREATE PUBLICATION"
            },
            { "", "Source:table.include.list=public.nothing", "No table 'public.nothing'", "correct the name" },
            { "create table bare (v int)", "", "its own UPDATE and DELETE would fail", "ADD PRIMARY KEY" },
            {
                "create table deferred (v int primary key deferrable)",
                "",
                "its own UPDATE and DELETE would fail",
                "ALTER TABLE \"public\".\"deferred\" REPLICA IDENTITY FULL"
            },
            {
                "create table hidden (v int primary key); alter table hidden replica identity nothing",
                "",
                "its own UPDATE and DELETE would fail",
                "ALTER TABLE \"public\".\"hidden\" REPLICA IDENTITY DEFAULT"
            },
            {
                "create table loose (v int not null unique)",
                "",
                "its own UPDATE and DELETE would fail",
                "ALTER TABLE \"public\".\"loose\" REPLICA IDENTITY USING INDEX \"loose_v_key\""
            },
            { "create table loose (v int unique)", "", "its own UPDATE and DELETE would fail", "ADD PRIMARY KEY" },
            { "create publication strangler for table item where (id > 1)", "", "has a row filter", "DROP TABLE" },
            {
                "alter table item add name text; create publication strangler for table item (id)",
                "",
                "has a column list",
                "ADD TABLE"
            },
            {
                "create table child () inherits (item); alter table child add primary key (id)",
                "",
                "inherits from it",
                "NO INHERIT"
            },
            {
                "create role shy_{0} login replication password 'p'; grant select on item to shy_{0}; alter table "
                    + "item enable row level security; create publication strangler for table item",
                "Source:database.user=shy_{0}",
                "row-level security",
                "ALTER ROLE \"shy_{0}\" BYPASSRLS"
            },
            { "", "Source:publication.autocreate.mode=disabled", "does not exist", "CREATE PUBLICATION" },
            {
                "create publication strangler for table item with (publish = 'insert')",
                "",
                "does not publish every kind of change",
                "ALTER PUBLICATION"
            },
            {
                "create table \"stock item\" (id int primary key); create table stock_item (id int primary key)",
                "",
                "have the same topic, 'shop.public.stock_item'",
                "rename the others"
            },
            {
                "create schema \"a.b\"; create table \"a.b\".c (id int primary key); create schema a; create table "
                    + "a.\"b.c\" (id int primary key)",
                "",
                "have the same topic, 'shop.a.b.c'",
                "rename the others"
            },
            {
                "create table other (id int primary key); create publication strangler for table item, other",
                "Source:table.include.list=public.item",
                "also publishes 'public.other'",
                "DROP TABLE"
            },
            {
                "create table other (id int primary key); create publication strangler for all tables",
                "Source:table.include.list=public.item",
                "also publishes 'public.other'",
                "Select it in table.include.list, or name another publication."
            },
        };

    [Theory]
    [MemberData(nameof(Sources))]
    public async Task RunAsync_SourceThatDoesNotFit_IsAFaultAndNothingIsMade(
        string sql,
        string change,
        string problem,
        string wayOut
    )
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        string Named(string text) => text.Replace("{0}", source.Name, StringComparison.Ordinal);
        if (sql.Length > 0)
            await source.ExecuteAsync(Named(sql));
        List<(string, string?)> changes = Named(change).Split('=', 2) is [var name, var value] ? [(name, value)] : [];
        if (change.Contains("database.user", StringComparison.Ordinal))
            changes.Add(("Source:database.password", "p"));

        await using var bridge = RunningBridge.Start(source, changes: changes);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source.Properties(changes)).Build();
        var check = await BridgeCheck.CheckAsync(configuration, TestContext.Current.CancellationToken);

        Assert.Contains(problem, fault.Message, StringComparison.Ordinal);
        Assert.Contains(Named(wayOut), fault.Message, StringComparison.Ordinal);
        if (!problem.Contains("may not create", StringComparison.Ordinal))
            Assert.Contains(check, found => found.Problem.Contains(problem, StringComparison.Ordinal));
        Assert.Equal(
            0,
            await source.ScalarAsync<long>(
                $"select count(*) from pg_replication_slots where slot_name = '{source.Slot}'"
            )
        );
        await source.ExecuteAsync("insert into item values (1); update item set id = 2; delete from item");
    }

    [Fact]
    public async Task RunAsync_SlotOfSomeoneElse_IsRefusedAndStays()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");

        await using var bridge = RunningBridge.Start(source);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Contains("this log has never used it", fault.Message, StringComparison.Ordinal);
        await source.ExecuteAsync($"select pg_drop_replication_slot('{source.Slot}')");
    }

    [Fact]
    public async Task RunAsync_SlotDropped_NamesTheIntervalAndASnapshotMendsIt()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item values (1), (2)"
        );
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            await first.StopAsync();
        }
        await DropSlotAsync(source);
        await source.ExecuteAsync("delete from item where id = 1; insert into item values (3)");

        await using (var second = RunningBridge.Start(source, log))
        {
            var fault = await Assert.ThrowsAsync<FaultException>(() =>
                second.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );
            Assert.Contains("It was dropped. What was committed between 1:", fault.Message, StringComparison.Ordinal);
            Assert.Contains("--resnapshot", fault.Message, StringComparison.Ordinal);
        }
        await using var third = RunningBridge.Start(source, log, changes: [("Source:resnapshot", "true")]);
        var records = await third.RecordsAsync(records =>
            CatalogueQueryTests.Replayed(records) == """{"id":2}={"id":2} {"id":3}={"id":3}"""
        );

        Assert.Equal(2, records[^1].Position.Epoch);
    }

    [Fact]
    public async Task RunAsync_SlotAdvancedBeyondTheLog_NamesTheInterval()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            await first.StopAsync();
        }
        await source.ExecuteAsync("insert into item values (1)");
        await WaitUntilFreeAsync(source);
        await source.ScalarAsync<object>($"select pg_replication_slot_advance('{source.Slot}', pg_current_wal_lsn())");

        await using var second = RunningBridge.Start(source, log);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            second.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Contains("was restored from a backup", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_TransactionOpen_IsNamedWhileTheSlotWaits()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var open = await source.Data.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await open.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("insert into item values (1)", open, transaction);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await using var bridge = RunningBridge.Start(source);
        await bridge.RecordsAsync(_ =>
            bridge.Said.Lines.Any(line =>
                line.Contains($"waits for the transaction of process {open.ProcessID}", StringComparison.Ordinal)
            )
        );
        await transaction.CommitAsync(TestContext.Current.CancellationToken);

        Assert.Contains("""r item {"id":1} null {"id":1}""", Written.All(await bridge.CaughtUpAsync(source)));
    }

    /// <summary>The log stands still until the slot of the reading exists.</summary>
    [Fact]
    public async Task RunAsync_TransactionOpenWhenATableIsReadAgain_IsWhatTheBridgeWaitsFor()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create table other (id int primary key)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await using var open = await source.Data.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var transaction = await open.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand("insert into other values (1)", open, transaction);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);

        await source.ExecuteAsync("alter table item add column v int default 5");
        await bridge.RecordsAsync(_ =>
            bridge.Monitor.Status is BridgeStatus.Wait(var reason)
            && reason.Contains($"waits for the transaction of process {open.ProcessID}", StringComparison.Ordinal)
        );
        await transaction.CommitAsync(TestContext.Current.CancellationToken);
        await bridge.RecordsAsync(records => !TableReplay.Of(records, "shop.public.item").IsInDoubt);

        Assert.IsType<BridgeStatus.Stream>(bridge.Monitor.Status);
    }

    internal static async Task DropSlotAsync(SourceDatabase source)
    {
        await WaitUntilFreeAsync(source);
        await source.ExecuteAsync($"select pg_drop_replication_slot('{source.Slot}')");
    }

    private static async Task WaitUntilFreeAsync(SourceDatabase source)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (
            await source.ScalarAsync<bool>($"select active from pg_replication_slots where slot_name = '{source.Slot}'")
        )
            limit.Token.ThrowIfCancellationRequested();
    }
}
