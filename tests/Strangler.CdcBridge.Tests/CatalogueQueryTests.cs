using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>Sets of rows that change without row events.</summary>
public sealed class CatalogueQueryTests(PostgresFixture postgres)
{
    [Fact]
    public async Task AddColumnWithDefault_OnAnIdleTable_IsDoubtThenTheTableReadAgain()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item values (1), (2)"
        );
        await using var bridge = RunningBridge.Start(source);
        var before = (await bridge.CaughtUpAsync(source)).Count;

        await source.ExecuteAsync("alter table item add column qty int not null default 5");
        var records = (await bridge.RecordsAsync(records => records.Count >= before + 4)).Skip(before).ToList();

        Assert.Equal(
            [
                "schema item (id integer, qty integer) in doubt",
                """r item {"id":1} null {"id":1,"qty":5}""",
                """r item {"id":2} null {"id":2,"qty":5}""",
                """read item {"rows":2}""",
            ],
            Written.All(records)
        );
        Assert.Single(records.Skip(1).Select(record => record.Position.Commit).Distinct());
        Assert.True(records[0].Position.Commit < records[1].Position.Commit);
    }

    [Fact]
    public async Task Alterations_UnderWrites_EndInTheTablesRows()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, name varchar(10), price numeric(8,2)); insert into item select "
                + "g, 'n' || g, g from generate_series(1, 50) g"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("alter table item add column qty int not null default 5");
        await source.ExecuteAsync("update item set price = 9 where id = 1");
        await source.ExecuteAsync("alter table item drop column name");
        await source.ExecuteAsync("insert into item values (101, 1, 1)");
        await source.ExecuteAsync("alter table item rename column price to amount");
        await source.ExecuteAsync(
            "begin; insert into item values (102, 2, 2); alter table item alter column amount type numeric(12,4); "
                + "insert into item values (103, 3, 3); commit"
        );
        await source.ExecuteAsync("delete from item where id = 5");
        await source.ExecuteAsync(
            "drop table item; create table item (id int primary key, x text default 'd'); "
                + "insert into item values (1, 'new')"
        );
        var records = await bridge.RecordsAsync(records =>
            records is [.., { Kind: LogRecordKind.TableRead }] && Replayed(records) == """{"id":1}={"id":1,"x":"new"}"""
        );

        Assert.NotEmpty(records);
    }

    [Fact]
    public async Task CatalogueSeen_IdleSource_GoesOnAndStandsStillWhileAnAlterationIsNotRead()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item values (1)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);
        await SeenBehindAsync(await InsertAsync());

        // While a transaction holds its id, the slot for the reading can't be created: the doubt lasts.
        await using (var connection = await source.Data.OpenConnectionAsync(TestContext.Current.CancellationToken))
        {
            await using var holding = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await using (var command = new Npgsql.NpgsqlCommand("select pg_current_xact_id()", connection))
                await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
            await source.ExecuteAsync("alter table item add column qty int not null default 5");
            var altered = await InsertAsync();
            var records = await bridge.RecordsAsync(records =>
                records.Any(record =>
                    record.Kind == LogRecordKind.Schema
                    && Written.Of(record).Contains("in doubt", StringComparison.Ordinal)
                )
            );
            Assert.True((await ExtentAsync()).CatalogueSeen <= altered);
            Assert.NotEmpty(records);
        }
        await SeenBehindAsync(await InsertAsync());

        Assert.Equal("""{"id":1}={"id":1,"qty":5}""", Replayed(await bridge.RecordsAsync(_ => true)));

        async Task<Lsn> InsertAsync() =>
            Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));

        async Task<LogExtent> ExtentAsync() =>
            (await bridge.Log.ExtentAsync(RunningBridge.Prefix, TestContext.Current.CancellationToken))!;

        // The log moves with heartbeats, so this waits for the log and not for a clock.
        async Task SeenBehindAsync(Lsn lsn)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(30));
            while (await ExtentAsync() is var extent && !(extent.CatalogueSeen > lsn))
            {
                limit.Token.ThrowIfCancellationRequested();
                await bridge.Log.WaitAsync(
                    RunningBridge.Prefix,
                    extent.End!.Value,
                    TimeSpan.FromMilliseconds(100),
                    limit.Token
                );
            }
        }
    }

    /// <summary>A table that is gone differs from a table without rows.</summary>
    [Fact]
    public async Task DropTable_WhileRunning_ReadersAreToldOnceThatItIsInDoubtAndTheOthersGoOn()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create table other (id int primary key); insert into item "
                + "values (1); insert into other values (1)"
        );
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("drop table other");
        var told = await bridge.RecordsAsync(records => records is [.., { Kind: LogRecordKind.TableDoubt }]);
        await source.ExecuteAsync("insert into item values (2)");
        var records = await bridge.RecordsAsync(records =>
            records.Any(record => Written.Of(record).StartsWith("c item", StringComparison.Ordinal))
        );

        Assert.Equal(
            "doubt other public.other: It no longer exists: it was dropped. "
                + "Create it again, or remove it from table.include.list.",
            Written.Of(told[^1])
        );
        Assert.Equal("""c item {"id":2} null {"id":2}""", Written.Of(records[^1]));
        Assert.Equal(told.Count + 1, records.Count);
        Assert.Single(bridge.Said.Lines, line => line.Contains("stays in doubt", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AddColumnWithDefault_WhileTheBridgeIsDown_IsReadAgainAtItsStart()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item values (1)"
        );
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            await first.StopAsync();
        }
        await source.ExecuteAsync("insert into item values (2)");
        await source.ExecuteAsync("alter table item add column qty int not null default 5");
        await source.ExecuteAsync("insert into item values (3, 3)");

        await using var second = RunningBridge.Start(source, log);
        var records = await second.RecordsAsync(records =>
            Replayed(records) == """{"id":1}={"id":1,"qty":5} {"id":2}={"id":2,"qty":5} {"id":3}={"id":3,"qty":3}"""
        );

        Assert.Contains("""c item {"id":2} null {"id":2}""", Written.All(records));
    }

    /// <summary>
    /// What was found while running is not a fault at the next start, and what is fixed in between is read.
    /// </summary>
    [Theory]
    [InlineData("alter table item rename to item_old", "alter table item_old rename to item")]
    [InlineData("drop table item", "create table item (id int primary key); insert into item values (1), (2)")]
    [InlineData("alter table item drop constraint item_pkey", "alter table item add primary key (id)")]
    [InlineData(
        "alter publication strangler set table item where (id > 1), other",
        "alter publication strangler set table item, other"
    )]
    [InlineData(
        "alter publication strangler set (publish = 'insert')",
        "alter publication strangler set (publish = 'insert, update, delete, truncate')"
    )]
    public async Task Start_WhileATableIsInDoubt_IsNoFaultAndTheTableIsReadOnceItIsMended(string harm, string fix)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create table other (id int primary key); insert into item "
                + "values (1), (2)"
        );
        var log = new InMemoryChangeLog(TimeProvider.System);
        (string, string?)[] selected = [("Source:table.include.list", "public.item,public.other")];
        await using (var first = RunningBridge.Start(source, log, changes: selected))
        {
            await first.CaughtUpAsync(source);
            await source.ExecuteAsync(harm);
            await first.RecordsAsync(records => TableReplay.Of(records, "shop.public.item").Why is not null);
            await first.StopAsync();
        }

        await using var second = RunningBridge.Start(source, log, changes: selected);
        await source.ExecuteAsync("insert into other values (7)");
        var goesOn = await second.RecordsAsync(records =>
            TableReplay.Of(records, "shop.public.other").Rows == """{"id":7}"""
        );
        await source.ExecuteAsync(fix);
        var records = await second.RecordsAsync(records => !TableReplay.Of(records, "shop.public.item").IsInDoubt);

        Assert.NotNull(TableReplay.Of(goesOn, "shop.public.item").Why);
        Assert.Equal("""{"id":1} {"id":2}""", TableReplay.Of(records, "shop.public.item").ToString());
    }

    /// <summary>
    /// A table that is published with all others can't be dropped from the publication: the message says what works.
    /// </summary>
    [Theory]
    [InlineData("for all tables")]
    [InlineData("for tables in schema public")]
    public async Task IdentityLost_PublicationDoesNotNameTheTable_TheSentenceSaysWhatWorks(string tables)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, v int); insert into item values (1, 0); "
                + $"create publication strangler {tables}"
        );
        await using var bridge = RunningBridge.Start(
            source,
            changes: ("Source:on.identity.loss", "drop-from-publication")
        );
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("alter table item drop constraint item_pkey");
        var told = await bridge.RecordsAsync(records => TableReplay.Of(records, "shop.public.item").Why is not null);
        var why = TableReplay.Of(told, "shop.public.item").Why!;
        await source.ExecuteAsync(
            System
                .Text.RegularExpressions.Regex.Match(why, "ALTER TABLE \"public\"\\.\"item\" REPLICA IDENTITY FULL")
                .Value
        );
        await source.ExecuteAsync("update item set v = 1; alter table item add primary key (id)");
        var records = await bridge.RecordsAsync(records => !TableReplay.Of(records, "shop.public.item").IsInDoubt);

        Assert.DoesNotContain("DROP TABLE", why, StringComparison.Ordinal);
        Assert.Equal("""{"id":1,"v":1}""", TableReplay.Of(records, "shop.public.item").ToString());
        Assert.DoesNotContain("this failed", bridge.Said.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What a reader that takes the records in order holds of 'item': rows by key.</summary>
    internal static string Replayed(IReadOnlyList<LogRecord> records)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var (readAt, read) = (default(Lsn), new HashSet<string>());
        foreach (var record in records.Where(record => record.Topic == "shop.public.item"))
        {
            var key = record.Key is null ? "" : System.Text.Encoding.UTF8.GetString(record.Key);
            switch (record.Kind)
            {
                case LogRecordKind.Data when Written.Of(record)[0] == 'd':
                    rows.Remove(key);
                    break;
                case LogRecordKind.Data:
                    if (record.Position.Commit != readAt)
                        (readAt, read) = (record.Position.Commit, []);
                    read.Add(key);
                    rows[key] = ChangeTests.After(record).GetRawText();
                    break;
                case LogRecordKind.Truncate:
                    rows.Clear();
                    break;
                case LogRecordKind.TableRead:
                    foreach (
                        var gone in rows
                            .Keys.Where(held => record.Position.Commit != readAt || !read.Contains(held))
                            .ToList()
                    )
                        rows.Remove(gone);
                    break;
            }
        }
        return string.Join(' ', rows.Select(row => $"{row.Key}={row.Value}"));
    }
}
