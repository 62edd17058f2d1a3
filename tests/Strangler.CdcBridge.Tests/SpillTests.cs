using System.Text.Json;
using Strangler.CdcBridge.Telemetry;
using Strangler.CdcBridge.Tests.Telemetry;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// Transactions that are larger than the server's memory come before they end, and wait in files. On a server of their
/// own, since nothing is streamed from one that has a replication origin, in whatever database.
/// </summary>
public sealed class SpillTests(SmallServer server) : IClassFixture<SmallServer>
{
    private const string Spilled = "strangler.bridge.spill";
    private const int Many = 3_000;

    // Each transaction has rows that are rolled back, and ends with more rows than the server keeps in its memory.
    private static readonly string Insert = $"""
        savepoint a; insert into item select g, repeat('a', 100) from generate_series(100001, 103000) g;
        rollback to a; {Rows("b", Many)}
        """;

    private static int _databases;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_TransactionThatIsStreamed_ComesWholeAtItsCommit()
    {
        await using var source = await CreateAsync();
        await using var bridge = RunningBridge.Start(source);
        using var measured = new Measured(bridge.Monitor.Metrics.Meter);
        await bridge.CaughtUpAsync(source);

        await using var connection = await source.Data.OpenConnectionAsync(Cancel);
        await using var transaction = await connection.BeginTransactionAsync(Cancel);
        await ExecuteAsync(connection, Insert);
        await bridge.RecordsAsync(_ => measured.Last(Spilled) > 0);
        // Another one commits meanwhile, and the log's end passes it.
        await source.ExecuteAsync("insert into item values (200000, 'c')");
        var before = await bridge.CaughtUpAsync(source);
        await transaction.CommitAsync(Cancel);
        var after = await bridge.CaughtUpAsync(source);

        Assert.Equal(["""{"id":200000}"""], Keys(before));
        Assert.Equal([200_000, .. Enumerable.Range(1, Many)], Keys(after).Select(Id));
        Assert.Single(after.Where(IsRow).Skip(1).Select(record => record.Position.Commit).Distinct());
        Assert.Equal(0, measured.Last(Spilled));
    }

    [Fact]
    public async Task RunAsync_TransactionThatIsRolledBack_LeavesNothing()
    {
        await using var source = await CreateAsync();
        await using var bridge = RunningBridge.Start(source);
        using var measured = new Measured(bridge.Monitor.Metrics.Meter);
        await bridge.CaughtUpAsync(source);

        await using (var connection = await source.Data.OpenConnectionAsync(Cancel))
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancel);
            await ExecuteAsync(connection, Insert);
            await bridge.RecordsAsync(_ => measured.Last(Spilled) > 0);
            await transaction.RollbackAsync(Cancel);
        }
        await bridge.RecordsAsync(_ => measured.Last(Spilled) == 0);

        Assert.Empty(Keys(await bridge.CaughtUpAsync(source)));
    }

    /// <summary>Before the commit, the server sends a message without saying to which savepoint it belongs.</summary>
    [Fact]
    public async Task RunAsync_MessageThatIsRolledBackAlone_IsNotPublished()
    {
        await using var source = await CreateAsync();
        await using var bridge = RunningBridge.StartAsConnector(source);
        await bridge.CaughtUpAsync(source);

        await using (var connection = await source.Data.OpenConnectionAsync(Cancel))
        {
            await ExecuteAsync(connection, $"begin; {Emit("a")}; savepoint s; {Emit("undone")}; {Rows("b", Many)}");
            await source.ExecuteAsync("insert into item values (200000, 'c')");
            await bridge.CaughtUpAsync(source); // so much of it has been sent as is sent before its end
            await ExecuteAsync(connection, $"rollback to s; {Emit("d")}; {Rows("e", Many)}; commit");
        }
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(["a", "d"], Messages(records));
        Assert.Equal([200_000, .. Enumerable.Range(1, Many)], Keys(records).Select(Id));
    }

    /// <summary>
    /// Before the commit, the server leaves out a message if the savepoint that comes next was rolled back and no
    /// other process wrote in between, so it is tried several times.
    /// </summary>
    [Fact]
    public async Task RunAsync_MessageBeforeASavepointThatIsRolledBack_IsPublished()
    {
        await using var source = await CreateAsync();
        await using var bridge = RunningBridge.StartAsConnector(source);
        await bridge.CaughtUpAsync(source);
        const int attempts = 8;

        for (var attempt = 0; attempt < attempts; attempt++)
            await source.ExecuteAsync(
                $"begin; {Emit("a")}; savepoint s; {Emit("b")}; savepoint t; {Rows("a", Many)}; rollback to t; "
                    + $"{Rows("b", Many)}; delete from item; commit"
            );
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(
            Enumerable.Repeat("a b", attempts),
            Messages(records).Chunk(2).Select(pair => string.Join(' ', pair))
        );
    }

    /// <summary>What was in the files is sent again.</summary>
    [Fact]
    public async Task RunAsync_EndedWhileATransactionIsHeld_HasItOnce()
    {
        await using var source = await CreateAsync();
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using var connection = await source.Data.OpenConnectionAsync(Cancel);
        await using (var first = RunningBridge.Start(source, log))
        {
            using var measured = new Measured(first.Monitor.Metrics.Meter);
            await first.CaughtUpAsync(source);
            await ExecuteAsync(connection, $"begin; {Insert}");
            await first.RecordsAsync(_ => measured.Last(Spilled) > 0);
        }

        await using var second = RunningBridge.Start(source, log);
        await ExecuteAsync(connection, "commit");

        Assert.Equal(Enumerable.Range(1, Many), Keys(await second.CaughtUpAsync(source)).Select(Id));
    }

    /// <summary>The digest of a transaction is the same, whether it came at its commit or before.</summary>
    [Theory]
    [InlineData(0, 1 << 30)]
    [InlineData(1 << 30, 0)]
    public async Task RunAsync_SentAgainInTheOtherWay_IsTheSameTransaction(int first, int second)
    {
        await using var source = await CreateAsync();
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using (var bridge = RunningBridge.Start(source, log, changes: [MaxSpill(first)]))
        {
            await bridge.CaughtUpAsync(source);
            log.EndBehind(append => append.Through is not null && append.Records.Count > 0);
            await source.ExecuteAsync($"begin; {Insert}; commit");
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancel)
            );
        }

        await using var again = RunningBridge.Start(source, log, changes: [MaxSpill(second)]);
        var records = await again.CaughtUpAsync(source);

        Assert.Equal(Enumerable.Range(1, Many), Keys(records).Select(Id));
        Assert.NotEqual(0, again.Monitor.Metrics.SentAgainCount);
        Assert.Equal([1], records.Select(record => record.Position.Epoch).Distinct());
    }

    /// <summary>The server sends such a transaction only if it has sent some of it before its end.</summary>
    [Fact]
    public async Task RunAsync_TransactionOfWhichNothingIsLeft_IsNotMissedAfterARestart()
    {
        await using var source = await CreateAsync();
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using var connection = await source.Data.OpenConnectionAsync(Cancel);
        var quiet = RunningBridge.Timings with { Heartbeat = TimeSpan.FromHours(1) };
        await using (var bridge = RunningBridge.Start(source, log, quiet))
        {
            using var measured = new Measured(bridge.Monitor.Metrics.Meter);
            await bridge.SaidAsync("The stream of");
            await ExecuteAsync(connection, $"begin; savepoint s; {Rows("a", Many)}");
            await source.ExecuteAsync("insert into item values (-1, 'b')");
            await bridge.RecordsAsync(records => records.Any(IsRow) && measured.Last(Spilled) > 0);
            var end = Lsn.Parse(await source.ScalarAsync<string>("select pg_current_wal_insert_lsn()::text"));
            log.EndBehind(append => append.Through?.Commit >= end);
            await ExecuteAsync(connection, "rollback to s; commit");
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                bridge.Completion.WaitAsync(TimeSpan.FromSeconds(30), Cancel)
            );
        }

        await using var again = RunningBridge.Start(source, log, changes: [MaxSpill(0)]);
        await source.ExecuteAsync("insert into item values (-2, 'c')");
        var records = await again.CaughtUpAsync(source);

        Assert.Equal(
            [(1, -1), (1, -2)],
            records.Where(IsRow).Select(record => (record.Position.Epoch, Id(Key(record))))
        );
    }

    [Fact]
    public async Task RunAsync_NoRoomForATransaction_LeavesItWithTheServer()
    {
        await using var source = await CreateAsync();
        await using var bridge = RunningBridge.Start(source, changes: [MaxSpill(100_000)]);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync($"begin; {Insert}; commit");
        var records = await bridge.CaughtUpAsync(source);

        Assert.Equal(Enumerable.Range(1, Many), Keys(records).Select(Id));
        await bridge.SaidAsync("transactions that have not ended have more than 100000 bytes");
        Assert.IsType<BridgeStatus.Stream>(bridge.Monitor.Status);
    }

    /// <summary>Before the commit, the server then can't find the table any more, however often it is asked.</summary>
    [Fact]
    public async Task RunAsync_TableThatIsAlteredInASavepointThatIsRolledBack_IsReadAtTheCommit()
    {
        await using var source = await CreateAsync();
        await source.ExecuteAsync("create table other (id int primary key, v text)");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            $"""
            begin; {Rows("a", 400)}; savepoint s; alter table item add column c int default 1;
            insert into other select g, repeat('b', 100) from generate_series(1, {Many}) g; rollback to s;
            insert into other select g, repeat('c', 100) from generate_series(1, {Many}) g;
            insert into item select g, repeat('d', 100) from generate_series(401, 800) g;
            alter table item add column d int default 2; commit
            """
        );
        var records = await bridge.RecordsAsync(records => records.Count(IsRow) >= Many + 800);

        Assert.Equal(Enumerable.Range(1, 800), Keys(records.Where(IsOfItem)).Select(Id).Distinct());
        await bridge.SaidAsync("The server fails to send transactions before they commit: could not map filenode");
    }

    /// <summary>Frames of a transaction that has not ended don't say from which server it came.</summary>
    [Fact]
    public async Task RunAsync_SourceWithAnOrigin_IsNotStreamed()
    {
        await using var source = await CreateAsync();
        await source.ScalarAsync<object>($"select pg_replication_origin_create('{source.Slot}')");
        try
        {
            await using var bridge = RunningBridge.Start(source, changes: [MaxSpill(100_000)]);
            await bridge.CaughtUpAsync(source);

            await source.ExecuteAsync($"begin; {Insert}; commit");
            var records = await bridge.CaughtUpAsync(source);

            Assert.Equal(Many, Keys(records).Count());
            Assert.DoesNotContain(
                bridge.Said.Errors,
                line => line.Contains("have more than", StringComparison.Ordinal)
            );
        }
        finally
        {
            await source.ExecuteAsync($"select pg_replication_origin_drop('{source.Slot}')");
        }
    }

    private static (string, string?) MaxSpill(int bytes) => ("Bridge:MaxSpill", $"{bytes}");

    private async Task<SourceDatabase> CreateAsync()
    {
        var source = await SourceDatabase.OpenAsync(
            await server.CreateDatabaseAsync($"spill_{Interlocked.Increment(ref _databases)}"),
            "create table item (id int primary key, v text)"
        );
        await source.ExecuteAsync(
            "do $$ begin execute format('alter database %I set logical_decoding_work_mem = ''64kB''', "
                + "current_database()); end $$"
        );
        return source;
    }

    private static async Task ExecuteAsync(Npgsql.NpgsqlConnection connection, string sql)
    {
        await using var command = new Npgsql.NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Cancel);
    }

    private static string Rows(string value, int count) =>
        $"insert into item select g, repeat('{value}', 100) from generate_series(1, {count}) g";

    private static string Emit(string prefix) => $"select pg_logical_emit_message(true, '{prefix}', '')";

    private static IEnumerable<string?> Messages(IEnumerable<LogRecord> records) =>
        records
            .Where(record => record.Kind == LogRecordKind.Message)
            .Select(record => JsonDocument.Parse(record.Key!).RootElement.GetProperty("prefix").GetString());

    private static bool IsRow(LogRecord record) => record.Kind == LogRecordKind.Data;

    private static bool IsOfItem(LogRecord record) => record.Topic.EndsWith(".item", StringComparison.Ordinal);

    private static IEnumerable<string> Keys(IEnumerable<LogRecord> records) => records.Where(IsRow).Select(Key);

    private static string Key(LogRecord record) => System.Text.Encoding.UTF8.GetString(record.Key!);

    private static int Id(string key) => int.Parse(key[6..^1], null);
}
