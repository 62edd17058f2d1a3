using Strangler.CdcBridge.Tests.Histories;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// Tables come to share a topic while the bridge runs: they are in doubt, and every other table continues.
/// </summary>
public sealed class SharedTopicTests(PostgresFixture postgres)
{
    private const string Tables = """
        create table "my item" (id int primary key, v int); create table item (id int primary key, v int);
        create table customer (id int primary key, v int);
        insert into "my item" values (1, 0); insert into item values (1, 0); insert into customer values (1, 0), (2, 0)
        """;

    private const string View = "create view \"an item\" as select 1 as id";

    private const string Partition = """
        create table parted (id int primary key, v int) partition by range (id);
        create table "an item" partition of parted default; insert into parted values (9, 9)
        """;

    /// <summary>
    /// The collision begins, survives a restart, and ends because the <em>other</em> table is renamed, which the server
    /// doesn't tell anyone who reads the remaining one.
    /// </summary>
    [Theory]
    [InlineData(null)]
    [InlineData("create publication strangler for all tables")]
    public async Task RunAsync_CollisionBeginsAndEnds_OtherTablesGoOnAndBothComeBack(string? publication)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        if (publication is not null)
            await source.ExecuteAsync(publication);
        var log = new InMemoryChangeLog(TimeProvider.System);
        (string, string?)[] mode =
        [
            ("Source:publication.autocreate.mode", publication is null ? "filtered" : "disabled"),
        ];
        await using (var first = RunningBridge.Start(source, log, null, mode))
        {
            await first.CaughtUpAsync(source);
            await source.ExecuteAsync("alter table item rename to my_item; insert into my_item values (2, 1)");
            await source.ExecuteAsync("analyze customer; insert into customer values (3, 1)");
            await LoggedRows.BecomeEqualAsync(first, source, "customer");
            await first.RecordsAsync(records => Replay(records, "my_item").Why is not null);
            await source.ExecuteAsync("insert into my_item values (3, 1); insert into \"my item\" values (3, 1)");
            await first.StopAsync();
        }
        await using var second = RunningBridge.Start(source, log, null, mode);
        await source.ExecuteAsync("insert into customer values (4, 2); insert into my_item values (4, 2)");
        await LoggedRows.BecomeEqualAsync(second, source, "customer");
        await source.ExecuteAsync("insert into \"my item\" values (4, 2)");
        var collided = Replay(await second.CaughtUpAsync(source), "my_item");

        await source.ExecuteAsync("alter table \"my item\" rename to other_item");
        await source.ExecuteAsync("insert into my_item values (5, 3); insert into other_item values (5, 3)");

        Assert.True(collided.IsInDoubt, $"{collided}");
        Assert.Contains("have the same topic", collided.Why, StringComparison.Ordinal);
        await LoggedRows.BecomeEqualAsync(second, source, "my_item");
        await second.RecordsAsync(records => !Replay(records, "my_item").IsInDoubt);
        await source.ExecuteAsync("insert into my_item values (6, 4); delete from my_item where id = 1");
        await LoggedRows.BecomeEqualAsync(second, source, "my_item");
        await LoggedRows.BecomeEqualAsync(second, source, "customer");
    }

    /// <summary>
    /// Three tables: the doubt names all of them, once. It stays while two have the topic, and the last one is read.
    /// </summary>
    [Theory]
    [InlineData("my item", null, false)]
    [InlineData("my+item", null, true)]
    [InlineData("my_item", null, false)]
    [InlineData("my item", "create publication strangler for all tables", false)]
    [InlineData("my+item", "create publication strangler for all tables", false)]
    [InlineData("my_item", "create publication strangler for all tables", true)]
    public async Task RunAsync_ThreeTablesShareATopic_AreInDoubtUntilOneIsLeft(
        string last,
        string? publication,
        bool startsAgain
    )
    {
        string[] all = ["my item", "my+item", "my_item"];
        string[] two = [.. all.Where(table => table != last).Take(1), last];
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"{Tables}; create table third (id int primary key, v int)"
        );
        if (publication is not null)
            await source.ExecuteAsync(publication);
        var log = new InMemoryChangeLog(TimeProvider.System);
        (string, string?)[] mode =
        [
            ("Source:publication.autocreate.mode", publication is null ? "filtered" : "disabled"),
        ];
        var bridge = RunningBridge.Start(source, log, null, mode);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("alter table item rename to my_item; alter table third rename to \"my+item\"");
        await bridge.RecordsAsync(records => Replay(records, "my_item").Why is not null);
        await WriteAsync(all, 2);
        var three = Replay(await WriteAsync(all, 3), "my_item");
        if (startsAgain)
        {
            await bridge.StopAsync();
            bridge = RunningBridge.Start(source, log, null, mode);
            await WriteAsync(all, 4);
        }
        await source.ExecuteAsync($"alter table \"{all.Except(two).Single()}\" rename to gone");
        await bridge.RecordsAsync(records => Replay(records, "my_item").Why != three.Why);
        await WriteAsync(two, 5);
        var left = Replay(await WriteAsync(two, 6), "my_item");
        await source.ExecuteAsync($"alter table \"{two[0]}\" rename to gone_too");
        await WriteAsync([last], 7);
        var records = await bridge.RecordsAsync(records => Replay(records, "my_item") is { IsInDoubt: false });
        await source.ExecuteAsync($"update \"{last}\" set v = 1 where id = 2; delete from \"{last}\" where id <> 2");
        var served = Replay(await bridge.CaughtUpAsync(source), "my_item");
        await bridge.DisposeAsync();

        Assert.Equal(all, Named(three));
        Assert.True(three.IsInDoubt, $"{three}");
        Assert.Equal(two.Order(StringComparer.Ordinal), Named(left));
        Assert.True(left.IsInDoubt, $"{left}");
        Assert.Equal("""{"id":2,"v":1}""", served.ToString());
        Assert.Equal(2, records.Count(record => record.Kind == LogRecordKind.TableDoubt && Is(record, "my_item")));

        async Task<IReadOnlyList<LogRecord>> WriteAsync(IEnumerable<string> tables, int id)
        {
            foreach (var table in tables)
                await source.ExecuteAsync($"insert into \"{table}\" values ({id}, 0)");
            await source.ExecuteAsync($"insert into customer values ({id + 10}, 0)");
            await LoggedRows.BecomeEqualAsync(bridge, source, "customer");
            return await bridge.CaughtUpAsync(source);
        }

        string[] Named(TableReplay replay) =>
            [.. all.Where(table => replay.Why?.Contains($"\"public\".\"{table}\"", StringComparison.Ordinal) is true)];
    }

    /// <summary>
    /// A relation that sends no rows under its own name shares no topic: a view, and a partition of a captured table.
    /// </summary>
    [Theory]
    [InlineData(View, false)]
    [InlineData(View, true)]
    [InlineData(Partition, false)]
    [InlineData(Partition, true)]
    public async Task RunAsync_RelationWithoutRowsOfItsOwn_SharesNoTopic(string made, bool isThereBefore)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table an_item (id int primary key, v int); insert into an_item values (1, 1);
            create publication strangler for all tables with (publish_via_partition_root = true)
            """
        );
        if (isThereBefore)
            await source.ExecuteAsync(made);
        await using var bridge = RunningBridge.Start(
            source,
            changes: ("Source:publication.autocreate.mode", "disabled")
        );
        await bridge.CaughtUpAsync(source);

        if (!isThereBefore)
            await source.ExecuteAsync(made);
        await source.ExecuteAsync("create table later (id int primary key, v int); insert into later values (1, 1)");
        await LoggedRows.BecomeEqualAsync(bridge, source, "later"); // the catalogue has been read since
        await source.ExecuteAsync("insert into an_item values (2, 2)");

        Assert.Equal(
            """{"id":1,"v":1} {"id":2,"v":2}""",
            Replay(await bridge.CaughtUpAsync(source), "an_item").ToString()
        );
        Assert.Empty(bridge.Said.Errors);
    }

    /// <summary>
    /// With another <c>topic.delimiter</c>, other tables come to share a topic; those that the log names alike still
    /// do.
    /// </summary>
    [Theory]
    [InlineData("create table b_c (id int primary key); create table a_b.c (id int primary key)", "shop_a_b_c")]
    [InlineData("create table \"a.b\".c (id int primary key); create table \"b.c\" (id int primary key)", "shop.a.b.c")]
    [InlineData("create table \"b c\" (id int primary key); create table b_c (id int primary key)", "shop_a_b_c")]
    public async Task RunAsync_DelimiterMakesTopicsEqual_IsAFault(string tables, string topic)
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            $"create schema a; create schema a_b; create schema \"a.b\"; set search_path = a; {tables}"
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("topic.delimiter", "_"));

        var stopped = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Contains(
            $"have the same topic, '{topic}'",
            Assert.Single(stopped.Faults).Problem,
            StringComparison.Ordinal
        );
    }

    /// <summary>While the stream runs, only the tables with that topic are in doubt.</summary>
    [Fact]
    public async Task RunAsync_RenamedTableGetsATopicByTheDelimiter_IsInDoubt()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create schema a; create schema a_b; create table a.b_c (id int primary key);
            create table a_b.d (id int primary key)
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("topic.delimiter", "_"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("alter table a_b.d rename to c; insert into a_b.c values (1)");
        await bridge.SaidAsync("have the same topic, 'shop_a_b_c' (topic.delimiter is '_')");

        var records = await bridge.CaughtUpAsync(source);
        Assert.DoesNotContain(records, record => record.Topic == "shop_a_b_c");
    }

    private static bool Is(LogRecord record, string table) => record.Topic == $"{RunningBridge.Prefix}.public.{table}";

    private static TableReplay Replay(IReadOnlyList<LogRecord> records, string table) =>
        TableReplay.Of(records, $"{RunningBridge.Prefix}.public.{table}");
}
