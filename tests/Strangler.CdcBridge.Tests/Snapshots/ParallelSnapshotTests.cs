using System.Text.Json;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Snapshots;

/// <summary>A snapshot that reads several tables at the same time has what one that reads them in turn has.</summary>
public sealed class ParallelSnapshotTests(PostgresFixture postgres)
{
    private const string Tables = """
        create table a (id int primary key, v text);
        create table b (id int primary key, v text);
        create table c (id int primary key);
        create table d (v text primary key);
        create table e (id int primary key, v text);
        insert into a select g, repeat('a', g % 300) from generate_series(1, 7000) g;
        insert into b select g, repeat('b', 2000) from generate_series(1, 1500) g;
        insert into d select 'd' || g from generate_series(1, 3000) g;
        insert into e values (1, 'e');
        """;

    private const string Copying = "pg_stat_activity where datname = current_database() and query like 'copy (select%'";

    private static readonly string[] Names = ["a", "b", "c", "d", "e"];

    [Fact]
    public async Task RunAsync_FourReaders_EachTableIsWhatOneReaderWrites()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);

        var one = await SnapshotAsync(source, "1");
        var four = await SnapshotAsync(source, "4");

        Assert.All(Names, name => Assert.Equal(Of(one, name).Select(Written.Of), Of(four, name).Select(Written.Of)));
        Assert.Equal(one.Count, four.Count);
    }

    [Fact]
    public async Task RunAsync_OneReader_TablesFollowOneAnother()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);

        var rows = (await SnapshotAsync(source, "1")).Where(record => record.Kind == LogRecordKind.Data).ToList();

        Assert.Equal(
            ["a", "b", "d", "e"],
            rows.Where((record, i) => i == 0 || rows[i - 1].Topic != record.Topic).Select(Table)
        );
    }

    /// <summary>Tables with most rows are begun first, so that the last reader isn't alone with the largest.</summary>
    [Theory]
    [InlineData("ascending", new[] { "e", "b", "d", "a" })]
    [InlineData("descending", new[] { "a", "d", "b", "e" })]
    public async Task RunAsync_SeveralReaders_BeginTablesByTheirRows(string order, string[] expected)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables + "analyze;");

        var log = await SnapshotAsync(source, "2", order);

        // schemas are written in the order in which tables are begun
        Assert.Equal(
            expected,
            log.Where(record => record.Kind == LogRecordKind.Schema).Select(Table).Where(name => name != "c")
        );
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task RunAsync_SnapshotOfTheConnector_MarksTheRowsThatAreLast(string readers)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        await using var bridge = RunningBridge.StartAsConnector(source, ("snapshot.max.threads", readers));

        var rows = (await bridge.CaughtUpAsync(source)).Where(record => record.Kind == LogRecordKind.Data).ToList();

        Assert.Equal(11501, rows.Count);
        Assert.Equal("last", Word(rows[^1]));
        Assert.Equal("first", Word(rows[0]));
        Assert.Single(rows, row => Word(row) == "first");
        Assert.Single(rows, row => Word(row) == "last");
        Assert.All(
            Names.Except(["c"]),
            name => Assert.Contains(Word(Of(rows, name)[^1]), (string[])["last_in_data_collection", "last"])
        );
        Assert.Equal(3, rows.Count(row => Word(row) == "last_in_data_collection"));
    }

    [Fact]
    public async Task RunAsync_CancelledWhileReadersWait_LeavesNoneBehind()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var (reached, stopped) = (new TaskCompletionSource(), new TaskCompletionSource());
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        log.HoldBehind(
            append => append.Records.Count > 100,
            async () =>
            {
                reached.TrySetResult();
                await stopped.Task;
                throw new OperationCanceledException();
            }
        );
        await using (var bridge = RunningBridge.Start(source, log, changes: [("Source:snapshot.max.threads", "4")]))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            await TrueAsync(source, $"select count(*) > 1 from {Copying}");
            var stopping = bridge.StopAsync();
            stopped.SetResult();
            await stopping;
        }

        await TrueAsync(
            source,
            "select count(*) = 0 from pg_stat_activity where datname = current_database() "
                + "and xact_start is not null and pid <> pg_backend_pid()"
        );
        await using var again = RunningBridge.Start(source, log);
        await ReadAsync(again, Names);
        var records = await again.CaughtUpAsync(source);

        Assert.Equal(
            11501,
            records
                .Where(record => record.Kind == LogRecordKind.Data)
                .DistinctBy(record => (record.Topic, Convert.ToBase64String(record.Key!)))
                .Count()
        );
    }

    /// <summary>
    /// The first reader's locks make it wait, and the other reader must not wait behind it: neither would ever end.
    /// </summary>
    [Fact]
    public async Task RunAsync_TableIsAlteredBeforeItsReaderComes_TheSnapshotEndsBefore()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        var held = Hold(log, append => append.Records.Count > 100);
        await using var bridge = RunningBridge.Start(source, log, changes: [("Source:snapshot.max.threads", "2")]);
        await ReachedAsync(held.Reached, bridge);
        var altered = source.ExecuteAsync("alter table d add column w int");
        await TrueAsync(source, "select exists (select from pg_locks where relation = 'd'::regclass and not granted)");
        held.Release();

        var records = await ReadAsync(bridge, Names);
        await altered;

        Assert.Equal(11501, records.Count(record => record.Kind == LogRecordKind.Data && record.Xid == 0));
    }

    /// <summary>
    /// A table that only another reader has locked: a client that alters it waits for that one, and the first reader
    /// behind both.
    /// </summary>
    [Fact]
    public async Task RunAsync_TableOfAnOverrideIsAltered_ReadersDoNotWaitForOneAnother()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create schema other;
            create table other.z (v text primary key);
            insert into other.z values ('z');
            create table a (id int primary key, v text);
            create table b (id int primary key, v text);
            create table c (id int primary key, v text);
            create table d (id int primary key, v text);
            insert into a select g, 'a' from generate_series(1, 2500) g;
            insert into c select g, 'c' from generate_series(1, 2500) g;
            """
        );
        const string Select = "select g id, z.v from other.z, generate_series(1, {0}) g";
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        var held = Hold(log, append => append.Records.Count > 100);
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            log,
            ("snapshot.max.threads", "3"),
            ("schema.include.list", "public"),
            ("snapshot.select.statement.overrides", "public.b,public.d"),
            ("snapshot.select.statement.overrides.public.b", string.Format(null, Select, 30_000)),
            ("snapshot.select.statement.overrides.public.d", string.Format(null, Select, 7))
        );
        await ReachedAsync(held.Reached, bridge);
        await TrueAsync(source, $"select count(*) = 3 from {Copying}");
        var altered = source.ExecuteAsync("alter table other.z add column w int");
        await TrueAsync(
            source,
            "select exists (select from pg_locks where relation = 'other.z'::regclass and not granted)"
        );
        held.Release();

        var records = await ReadAsync(bridge, ["a", "b", "c", "d"]);
        await altered;

        Assert.Equal(35_007, records.Count(record => record.Kind == LogRecordKind.Data));
    }

    /// <summary>Without its locks, a table may have been rewritten before another reader read it.</summary>
    [Fact]
    public async Task RunAsync_FirstReaderEndsWhileAnotherReads_ReadsAgain()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table a (id int primary key, v text);
            create table b (id int primary key, v text);
            insert into a select g, 'a' from generate_series(1, 2500) g;
            insert into b select g, repeat('b', 300) from generate_series(1, 9000) g;
            """
        );
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        var both = Hold(log, append => append.Records.Count > 100);
        await using var bridge = RunningBridge.Start(source, log, changes: [("Source:snapshot.max.threads", "2")]);
        await ReachedAsync(both.Reached, bridge);
        await TrueAsync(source, $"select count(*) = 2 from {Copying}");
        var second = Hold(log, append => Of(append.Records, "b").Count(row => row.Kind == LogRecordKind.Data) > 100);
        both.Release();
        await ReachedAsync(second.Reached, bridge);
        await TrueAsync(
            source,
            $"""
            select count(pg_terminate_backend(pid)) = 1 from {Copying} and query like '%"a"%'
                and state = 'idle in transaction'
            """
        );
        second.Release();

        var records = await ReadAsync(bridge, ["a", "b"]);

        Assert.True(records.Count(record => IsRead(record, "b")) >= 9_000);
        Assert.Contains(
            bridge.Said.Lines,
            line => line.Contains("has been read again") || line.Contains("was not completed")
        );
    }

    [Theory]
    [InlineData("1")]
    [InlineData("4")]
    public async Task RunAsync_TableCannotBeRead_SaysWhyAndNothingElse(string readers)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        await using var bridge = RunningBridge.StartAsConnector(
            source,
            ("snapshot.max.threads", readers),
            ("snapshot.select.statement.overrides", "public.b"),
            ("snapshot.select.statement.overrides.public.b", "select 1 / (1400 - id) id, v from b")
        );

        var error = await Assert.ThrowsAsync<PostgresException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );

        Assert.Equal(PostgresErrorCodes.DivisionByZero, error.SqlState);
    }

    [Fact]
    public async Task RunAsync_ServerAcceptsNoMoreConnections_ReadsWithFewer()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var login = $"few_{source.Name}";
        await source.ExecuteAsync(
            $"""
            create role {login} login replication password 'p' connection limit 5;
            grant select on all tables in schema public to {login};
            create publication strangler for table a, b, c, d, e
            """
        );
        await using var bridge = RunningBridge.Start(
            source,
            changes:
            [
                ("Source:database.user", login),
                ("Source:database.password", "p"),
                ("Source:publication.autocreate.mode", "disabled"),
                ("Source:snapshot.max.threads", "50"),
            ]
        );

        var records = await ReadAsync(bridge, Names);

        Assert.Equal(11501, records.Count(record => record.Kind == LogRecordKind.Data));
        var line = Assert.Single(bridge.Said.Lines, said => said.Contains("max_connections", StringComparison.Ordinal));
        Assert.Contains("tables at the same time, and not 5", line, StringComparison.Ordinal);
        Assert.Contains("lower snapshot.max.threads", line, StringComparison.Ordinal);
    }

    /// <summary>Makes the log wait behind an append until it is released.</summary>
    private static (Task Reached, Action Release) Hold(EndingLog log, Func<LogAppend, bool> append)
    {
        var (reached, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        log.HoldBehind(
            append,
            async () =>
            {
                reached.TrySetResult();
                await released.Task;
            }
        );
        var limit = TimeSpan.FromSeconds(30);
        return (reached.Task.WaitAsync(limit, TestContext.Current.CancellationToken), released.SetResult);
    }

    private static async Task ReachedAsync(Task reached, RunningBridge bridge) =>
        await await Task.WhenAny(reached, bridge.Completion);

    private static Task<IReadOnlyList<LogRecord>> ReadAsync(RunningBridge bridge, IEnumerable<string> tables) =>
        bridge.RecordsAsync(records =>
            tables.All(table => Of(records, table).Any(record => record.Kind == LogRecordKind.TableRead))
        );

    private static async Task TrueAsync(SourceDatabase source, string question)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await source.ScalarAsync<bool>(question))
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private static async Task<IReadOnlyList<LogRecord>> SnapshotAsync(
        SourceDatabase source,
        string readers,
        string order = "disabled"
    )
    {
        await using var bridge = RunningBridge.Start(
            source,
            changes:
            [
                ("Source:snapshot.max.threads", readers),
                ("Source:snapshot.tables.order.by.row.count", order),
                ("Source:slot.name", $"{source.Slot}_{readers}"),
                ("Source:publication.name", $"strangler_{readers}"),
            ]
        );
        return await bridge.CaughtUpAsync(source);
    }

    private static bool IsRead(LogRecord record, string table) =>
        record.Kind == LogRecordKind.Data && Table(record) == table;

    private static IReadOnlyList<LogRecord> Of(IEnumerable<LogRecord> records, string table) =>
        [.. records.Where(record => Table(record) == table)];

    private static string Table(LogRecord record) => record.Topic["shop.public.".Length..];

    private static string Word(LogRecord record)
    {
        using var value = JsonDocument.Parse(record.Value);
        return value.RootElement.GetProperty("source").GetProperty("snapshot").GetString()!;
    }
}
