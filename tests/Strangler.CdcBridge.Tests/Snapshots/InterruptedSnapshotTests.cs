using System.Text.Json;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Snapshots;

/// <summary>
/// A snapshot ends in the midst of its second table. On a log that keeps what is unfinished, the next start reads only
/// what has not been read; whatever happens in between, the log has what the source has.
/// </summary>
public sealed class InterruptedSnapshotTests(PostgresFixture postgres)
{
    private const string Tables = """
        create table a (id int primary key, v text);
        create table b (id int primary key, v text);
        create table c (id int primary key, v text);
        insert into a select g, 'a' from generate_series(1, 3000) g;
        insert into b select g, 'b' from generate_series(1, 6000) g;
        insert into c select g, 'c' from generate_series(1, 10) g;
        alter table b alter v set storage external;
        update b set v = repeat('long', 2000) where id <= 20;
        """;

    /// <summary>Rows that were read, that were sent and not read whole, and that nobody has seen.</summary>
    private const string Changes = """
        delete from a where id <= 100;
        update a set v = 'changed' where id between 101 and 150;
        delete from b where id between 11 and 1000;
        delete from b where id > 5900;
        update b set v = 'changed' where id between 2000 and 2010;
        insert into b values (7000, 'new');
        delete from c where id = 3;
        """;

    /// <summary>The rows under their new keys come without what TOAST leaves out.</summary>
    private const string Moves = "update b set id = id + 10000 where id <= 5;";

    private static readonly string[] Names = ["a", "b", "c"];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_EndedInTheSecondTable_ReadsTheRestAndLeavesNoGhosts(bool isConnector)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector);
        await source.ExecuteAsync(Changes + Moves);

        await using var second = Start(source, log, isConnector);
        await ReadAsync(second);
        await source.ExecuteAsync("insert into a values (9000, 'after'); delete from b where id = 7000");
        var records = await second.CaughtUpAsync(source);

        await CheckAsync(source, records);
        Assert.Equal(3000, Of(records, "a").Count(IsRead));
        Assert.Contains("1 tables have been read, 2 are read in the stream", second.Said.ToString());
    }

    /// <summary>Parts of several tables are in one append, and the last row of a table in a later one.</summary>
    [Theory]
    [InlineData(false, 1)]
    [InlineData(false, 2)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task RunAsync_EndedWhileSeveralReadersRead_ReadsTheRestAndLeavesNoGhosts(bool isConnector, int append)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        var (told, left) = (false, append);
        log.EndBehind(one => (told |= SaysWhatWasRead(one)) && --left == 0);
        await using (var first = Start(source, log, isConnector, readers: 3))
            await EndedAsync(first);
        await source.ExecuteAsync(Changes);

        await using var second = Start(source, log, isConnector, readers: 3);
        await ReadAsync(second);
        var records = await second.CaughtUpAsync(source);

        await CheckAsync(source, records);
        Assert.Contains("was interrupted and continues", second.Said.ToString());
    }

    /// <summary>
    /// The bridge ends a second time: behind the cut, when the log's end has moved to the snapshot's point and no
    /// transaction has followed, or while the rest is read.
    /// </summary>
    [Theory]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(true, false)]
    public async Task RunAsync_EndedAgain_ReadsTheRest(bool isConnector, bool isBehindTheCut)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector);
        await source.ExecuteAsync(Changes + Moves);
        log.EndBehind(append =>
            isBehindTheCut
                ? append.Through is not null
                : append.Through is null && append.Records.Any(record => IsRead(record) && IsOf(record, "b"))
        );
        await using (var second = Start(source, log, isConnector))
            await EndedAsync(second);
        await source.ExecuteAsync("delete from b where id between 1001 and 1999; delete from a where id = 200");

        await using var third = Start(source, log, isConnector);
        await ReadAsync(third);
        var records = await third.CaughtUpAsync(source);

        await CheckAsync(source, records);
        Assert.Equal(3000, Of(records, "a").Count(IsRead));
    }

    [Fact]
    public async Task RunAsync_TablesAreReplacedOrEmptied_ReadersHoldTheNewRows()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector: false);
        await source.ExecuteAsync(
            """
            drop table b;
            create table b (id int primary key, v text);
            insert into b values (1, 'new'), (7000, 'new');
            truncate a;
            insert into a values (1, 'new');
            """
        );

        await using var second = Start(source, log, isConnector: false);
        await ReadAsync(second);
        var records = await second.RecordsAsync(records =>
            Names.All(name => Replay(records, name) is { IsRead: true, IsInDoubt: false })
        );

        foreach (var (name, rows) in ((string, int)[])[("a", 1), ("b", 2), ("c", 10)])
            Assert.Equal(rows, Replay(records, name).Rows.Split(' ').Length);
    }

    [Fact]
    public async Task RunAsync_InitialOnlyWhileRowsAreOwed_IsRefused()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector: true);
        log.EndBehind(append => append.Through is not null);
        await using (var second = Start(source, log, isConnector: true))
            await EndedAsync(second);

        await using var third = RunningBridge.StartAsConnector(source, log, ("snapshot.mode", "initial_only"));

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            third.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );
        Assert.Contains("public.b, public.c", fault.Message);
        Assert.Contains("snapshot.mode", fault.Message);
    }

    [Fact]
    public async Task RunAsync_EndedInTheSecondTable_TheRestIsInDoubtUntilItIsRead()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector: false);
        await source.ExecuteAsync(Changes + Moves);
        await using var second = Start(source, log, isConnector: false);

        var records = await ReadAsync(second);

        var ends = records
            .Where((record, index) => index + 1 == records.Count || IsEnd(record, records[index + 1]))
            .ToList();
        Assert.True(ends.Count > 2);
        foreach (var name in (string[])["b", "c"])
        {
            var read = records.First(record => record.Kind == LogRecordKind.TableRead && IsOf(record, name));
            Assert.All(
                ends.Where(end => end.Position.Commit < read.Position.Commit),
                end => Assert.True(Replay([.. records.TakeWhile(one => one.Position <= end.Position)], name).IsInDoubt)
            );
        }
        Assert.False(Replay(records, "a").IsInDoubt);

        static bool IsEnd(LogRecord record, LogRecord next) => record.Position.Commit != next.Position.Commit;
    }

    /// <summary>In the connector's format, tables that were read aren't read again, whatever becomes of them.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_UnreadTablesAreRenamedAndAltered_TheirRowsComeAsTheyAre(bool isConnector)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector);
        await source.ExecuteAsync(
            """
            alter table b rename to d;
            alter table c add column w int default 7;
            insert into c values (11, 'new', 8);
            """
        );

        await using var second = Start(source, log, isConnector);
        var records = await second.RecordsAsync(records =>
            ((string[])["c", "d"]).All(name =>
                records.Any(record => record.Kind == LogRecordKind.TableRead && IsOf(record, name))
            )
        );

        Assert.Equal(6000, Of(records, "d").Count(IsRead));
        Assert.Equal(11, Of(records, "c").Count(IsRead));
        Assert.All(
            Of(records, "c").Where(IsRead),
            row => Assert.Contains("\"w\":", System.Text.Encoding.UTF8.GetString(row.Value!))
        );
        Assert.Equal(3000, Of(records, "a").Count(IsRead));
    }

    /// <summary>What was read would otherwise be answered from as it was before the alteration.</summary>
    [Fact]
    public async Task RunAsync_ReadTableIsRewritten_IsInDoubtBeforeTheNextTransaction()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector: false);
        await source.ExecuteAsync("alter table a alter v type text using v || '!'; insert into c values (11, 'new')");

        await using var second = Start(source, log, isConnector: false);
        var records = await second.RecordsAsync(records =>
            records.Count(record => record.Kind == LogRecordKind.TableRead && IsOf(record, "a")) == 2
            && Names.All(name => records.Any(record => record.Kind == LogRecordKind.TableRead && IsOf(record, name)))
        );

        var doubt = records.First(record =>
            record.Kind == LogRecordKind.Schema && IsOf(record, "a") && record.Xid != 0
        );
        var change = records.First(record => record.Kind == LogRecordKind.Data && record.Xid != 0);
        Assert.True(doubt.Position < change.Position);
        await CheckAsync(source, records);
    }

    [Fact]
    public async Task RunAsync_SlotIsGone_BeginsAnew()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await InterruptAsync(source, log, isConnector: false);
        await source.ExecuteAsync($"select pg_drop_replication_slot('{source.Slot}')");
        await source.ExecuteAsync(Changes + Moves);

        await using var second = Start(source, log, isConnector: false);
        await ReadAsync(second);
        var records = await second.CaughtUpAsync(source);

        await CheckAsync(source, records);
        Assert.Equal(2900, Of(records, "a").Count(IsRead));
    }

    [Fact]
    public async Task RunAsync_OnTheEmbeddedLog_BeginsAnew()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("store"));
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        await using var embedded = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        var log = new EndingLog(embedded);
        await InterruptAsync(source, log, isConnector: false);
        await source.ExecuteAsync(Changes + Moves);

        await using var second = Start(source, log, isConnector: false);
        await ReadAsync(second);
        var records = await second.CaughtUpAsync(source);

        await CheckAsync(source, records);
        Assert.Equal(2900, Of(records, "a").Count(IsRead));
    }

    private static RunningBridge Start(SourceDatabase source, IChangeLog log, bool isConnector, int readers = 1) =>
        isConnector
            ? RunningBridge.StartAsConnector(source, log, ("snapshot.max.threads", $"{readers}"))
            : RunningBridge.Start(source, log, changes: [("Source:snapshot.max.threads", $"{readers}")]);

    private static bool SaysWhatWasRead(LogAppend append) => append is { Through: null, Offset: not null };

    /// <summary>The first table has been read, and of the second one the first rows.</summary>
    private static async Task InterruptAsync(SourceDatabase source, EndingLog log, bool isConnector)
    {
        log.EndBehind(append => append.Records.Any(record => record.Kind == LogRecordKind.Data && IsOf(record, "b")));
        await using var first = Start(source, log, isConnector);
        await EndedAsync(first);
    }

    private static Task<InvalidOperationException> EndedAsync(RunningBridge bridge) =>
        Assert.ThrowsAsync<InvalidOperationException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)
        );

    private static Task<IReadOnlyList<LogRecord>> ReadAsync(RunningBridge bridge) =>
        bridge.RecordsAsync(records =>
            Names.All(name => records.Any(record => record.Kind == LogRecordKind.TableRead && IsOf(record, name)))
        );

    /// <summary>Readers of the log, and consumers of the topics, which see nothing but events, hold the rows.</summary>
    private static async Task CheckAsync(SourceDatabase source, IReadOnlyList<LogRecord> records)
    {
        foreach (var name in Names)
        {
            var rows = await source.ScalarAsync<string>(
                $$"""
                select string_agg('{"id":' || id || ',"v":' || to_json(v) || '}', ' '
                    order by '{"id":' || id || '}' collate "C")
                from {{name}}
                """
            );
            var replay = Replay(records, name);
            Assert.True(replay is { IsRead: true, IsInDoubt: false }, $"{name}: {replay}");
            Assert.Equal(rows, replay.Rows);
            Assert.Equal(rows, Consumed(Of(records, name)));
        }
    }

    private static string Consumed(IEnumerable<LogRecord> events)
    {
        var rows = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var record in events)
        {
            var key = System.Text.Encoding.UTF8.GetString(record.Key!);
            if (record.Value is null)
            {
                rows.Remove(key);
                continue;
            }
            using var value = JsonDocument.Parse(record.Value);
            if (value.RootElement.GetProperty("op").GetString() == "d")
                rows.Remove(key);
            else
                rows[key] = value.RootElement.GetProperty("after").GetRawText();
        }
        return string.Join(' ', rows.Values);
    }

    private static TableReplay Replay(IReadOnlyList<LogRecord> records, string table) =>
        TableReplay.Of(records, $"shop.public.{table}");

    private static IEnumerable<LogRecord> Of(IEnumerable<LogRecord> records, string table) =>
        records.Where(record => record.Kind is LogRecordKind.Data or LogRecordKind.Tombstone && IsOf(record, table));

    private static bool IsOf(LogRecord record, string table) => record.Topic == $"shop.public.{table}";

    private static bool IsRead(LogRecord record) => record.Xid == 0;
}
