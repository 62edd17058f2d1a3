using System.Text.Json;
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
        Assert.Equal("first", Word(Of(rows, "a")[0]));
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
        await using (var bridge = RunningBridge.Start(source, log))
        {
            await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            var stopping = bridge.StopAsync();
            stopped.SetResult();
            await stopping;
        }

        await using var again = RunningBridge.Start(source, log);
        var records = await again.CaughtUpAsync(source);

        Assert.Equal(11501, records.Count(record => record.Kind == LogRecordKind.Data));
        Assert.Equal(
            0,
            await source.ScalarAsync<long>(
                "select count(*) from pg_stat_activity where datname = current_database() and backend_xmin is not null "
                    + "and state = 'idle in transaction'"
            )
        );
    }

    /// <summary>
    /// The first reader's locks make it wait, and the other reader must not wait behind it: neither would ever end.
    /// </summary>
    [Fact]
    public async Task RunAsync_TableIsAlteredBeforeItsReaderComes_TheSnapshotEndsBefore()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var (reached, altering) = (new TaskCompletionSource(), new TaskCompletionSource());
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        log.HoldBehind(
            append => append.Records.Count > 100,
            async () =>
            {
                reached.TrySetResult();
                await altering.Task;
            }
        );
        await using var bridge = RunningBridge.Start(source, log, changes: [("Source:snapshot.max.threads", "2")]);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        var altered = source.ExecuteAsync("alter table d add column w int");
        while (
            !await source.ScalarAsync<bool>(
                "select exists (select from pg_locks where relation = 'd'::regclass and not granted)"
            )
        )
            await Task.Yield();
        altering.SetResult();

        var records = await bridge.RecordsAsync(records =>
            Of(records, "d").Any(record => record.Kind == LogRecordKind.TableRead)
        );
        await altered;

        Assert.Equal(11501, records.Count(record => record.Kind == LogRecordKind.Data && record.Xid == 0));
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

        var records = await bridge.RecordsAsync(records => records.Any(record => record.Kind == LogRecordKind.Data));

        Assert.Equal(11501, records.Count(record => record.Kind == LogRecordKind.Data));
    }

    private static async Task<IReadOnlyList<LogRecord>> SnapshotAsync(SourceDatabase source, string readers)
    {
        await using var bridge = RunningBridge.Start(
            source,
            changes:
            [
                ("Source:snapshot.max.threads", readers),
                ("Source:slot.name", $"{source.Slot}_{readers}"),
                ("Source:publication.name", $"strangler_{readers}"),
            ]
        );
        return await bridge.CaughtUpAsync(source);
    }

    private static IReadOnlyList<LogRecord> Of(IEnumerable<LogRecord> records, string table) =>
        [.. records.Where(record => Table(record) == table)];

    private static string Table(LogRecord record) => record.Topic["shop.public.".Length..];

    private static string Word(LogRecord record)
    {
        using var value = JsonDocument.Parse(record.Value);
        return value.RootElement.GetProperty("source").GetProperty("snapshot").GetString()!;
    }
}
