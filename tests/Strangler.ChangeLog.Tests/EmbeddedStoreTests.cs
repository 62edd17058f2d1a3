using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using Strangler.ChangeLog.Configuration;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;
using static Strangler.ChangeLog.Tests.Sample;

namespace Strangler.ChangeLog.Tests;

/// <summary>What only a log in a PostgreSQL store can do wrong.</summary>
public sealed class EmbeddedStoreTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Shop = "shop";
    private static readonly TimeSpan Stuck = TimeSpan.FromSeconds(60);

    /// <summary>Polls so rarely that only a notification can have woken a reader.</summary>
    private static readonly EmbeddedLogOptions Patient = new() { WaitPoll = TimeSpan.FromHours(1) };

    private NpgsqlDataSource _store = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("log"));
        await StoreMigration.MigrateAsync(_store, [EmbeddedLogSchema.Value], Cancel);
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = _store.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }

    /// <summary>
    /// Repeats the question until the answer is as expected, for what another session does in its own time.
    /// </summary>
    private async Task UntilAsync(string sql)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Stuck);
        while (!await ScalarAsync<bool>(sql))
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, limit.Token);
    }

    [Fact]
    public async Task OpenAsync_SectionLog_IsHowItsSegmentsAreKept()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create("Log:SegmentBytes", (string?)"1")])
            .Build();
        await using var log = await ChangeLogFactory.OpenAsync(configuration, _store, TimeProvider.System, Cancel);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);

        await appender.AppendAsync(Whole(8, 1), Cancel);
        await appender.AppendAsync(Whole(16, 1), Cancel);

        Assert.Equal(2, await ScalarAsync<long>("select count(*) from log.segment"));
    }

    [Fact]
    public async Task WaitAsync_ManyReaders_ShareOneConnectionAndComeBackWhenItIsCut()
    {
        await using var log = new EmbeddedChangeLog(_store, Patient, TimeProvider.System);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        Task[] waiting =
        [
            .. Enumerable.Range(0, 30).Select(_ => log.WaitAsync(Shop, Position.Start, Stuck * 10, Cancel)),
        ];
        const string listening =
            "from pg_stat_activity where datname = current_database() and state = 'idle' and query like 'listen %'";
        await UntilAsync($"select count(*) = 1 {listening}");
        var pid = await ScalarAsync<int>($"select pid {listening}");

        await ScalarAsync<bool>($"select pg_terminate_backend({pid})");
        await UntilAsync(
            "select count(*) = 1 from pg_stat_activity where datname = current_database() and state = 'idle' and "
                + $"query like 'listen %' and pid <> {pid}"
        );
        var early = waiting.Any(task => task.IsCompleted);
        await appender.AppendAsync(Whole(8, 1), Cancel);
        await Task.WhenAll(waiting).WaitAsync(Stuck, Cancel);

        Assert.False(early);
    }

    [Fact]
    public async Task WaitAsync_NotificationLostWithItsConnection_IsMadeUpWhenItIsBack()
    {
        var time = new FakeTimeProvider(); // the listener comes back when it moves
        await using var log = new EmbeddedChangeLog(_store, Patient, time);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        var waiting = log.WaitAsync(Shop, Position.Start, Stuck * 10, Cancel);
        const string listening =
            "from pg_stat_activity where datname = current_database() and state = 'idle' and query like 'listen %'";
        await UntilAsync($"select count(*) = 1 {listening}");

        await ScalarAsync<long>($"select count(pg_terminate_backend(pid)) {listening}");
        await UntilAsync($"select count(*) = 0 {listening}");
        await appender.AppendAsync(Whole(8, 1), Cancel);

        for (var second = 0; !waiting.IsCompleted; second++)
        {
            Assert.InRange(second, 0, 500);
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancel);
        }
        await waiting;
    }

    /// <summary>
    /// A store that is replaced by an older copy ends its connections. A reader that has read all of the copy waits,
    /// though it was once told of a later end.
    /// </summary>
    [Fact]
    public async Task WaitAsync_StoreReplacedByAnOlderCopy_WaitsForWhatTheCopyHasNot()
    {
        await using var log = new EmbeddedChangeLog(_store, Patient, TimeProvider.System);
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        var told = log.WaitAsync(Shop, Position.Start, Stuck * 10, Cancel);
        const string listening =
            "from pg_stat_activity where datname = current_database() and state = 'idle' and query like 'listen %'";
        await UntilAsync($"select count(*) = 1 {listening}");
        await appender.AppendAsync(Whole(8, 1), Cancel);
        await told.WaitAsync(Stuck, Cancel);

        await ScalarAsync<object>("update log.source set end_epoch = null, end_commit = null, end_ordinal = null");
        await ScalarAsync<long>($"select count(pg_terminate_backend(pid)) {listening}");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Stuck);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        Task waiting;
        while ((waiting = log.WaitAsync(Shop, Position.Start, Stuck * 10, over.Token)).IsCompleted)
        {
            await waiting;
            limit.Token.ThrowIfCancellationRequested();
            await ScalarAsync<int>("select 1");
        }
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }

    [Fact]
    public async Task AppendAsync_StoreGoesAway_PassesItOnAndReopeningFindsTheTruth()
    {
        await using var log = new EmbeddedChangeLog(_store, Patient, TimeProvider.System);
        await using var lost = await log.OpenAppenderAsync(Shop, Cancel);
        await lost.AppendAsync(Whole(8, 2, offset: [1]), Cancel);
        await using var holder = await _store.OpenConnectionAsync(Cancel);
        await using (var transaction = await holder.BeginTransactionAsync(Cancel))
        {
            await using var hold = new NpgsqlCommand("lock table log.segment in exclusive mode", holder);
            await hold.ExecuteNonQueryAsync(Cancel);
            var append = lost.AppendAsync(Whole(16, 2, offset: [2]), Cancel);
            await UntilAsync(
                "select count(*) = 1 from pg_stat_activity "
                    + "where datname = current_database() and wait_event_type = 'Lock'"
            );

            await ScalarAsync<bool>(
                "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and "
                    + "wait_event_type = 'Lock'"
            );
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => append);
            await Assert.ThrowsAsync<InvalidOperationException>(() => lost.AppendAsync(Whole(16, 2), Cancel));
        }
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        var found = (appender.End, appender.Offset);
        await appender.AppendAsync(Whole(16, 2, offset: [2]), Cancel);

        Assert.Equal(End(8), found.End);
        Assert.Equal([1], found.Offset!);
        Assert.Equal(
            4,
            (await log.ReadAsync(Shop, Position.Start, LogReadLimit.Default, Cancel)).OrThrow().Records.Count
        );
    }

    [Fact]
    public async Task OpenAppenderAsync_AnAppendIsUnderWay_WaitsForItAndFindsIt()
    {
        await using var log = new EmbeddedChangeLog(_store, Patient, TimeProvider.System);
        await using var first = await log.OpenAppenderAsync(Shop, Cancel);
        await first.AppendAsync(Whole(8, 1), Cancel);
        await using var holder = await _store.OpenConnectionAsync(Cancel);
        var transaction = await holder.BeginTransactionAsync(Cancel);
        await using var hold = new NpgsqlCommand("lock table log.segment in exclusive mode", holder);
        await hold.ExecuteNonQueryAsync(Cancel);
        var append = first.AppendAsync(Whole(16, 1), Cancel);
        await UntilAsync(
            "select count(*) = 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        );

        var opening = log.OpenAppenderAsync(Shop, Cancel);
        await UntilAsync(
            "select count(*) = 2 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        );
        await transaction.DisposeAsync();
        await append;
        await using var second = await opening;

        Assert.Equal(End(16), second.End);
    }

    [Fact]
    public async Task RetainAsync_ReadersUnderWay_SeeNoGap()
    {
        await using var log = new EmbeddedChangeLog(
            _store,
            new EmbeddedLogOptions { SegmentBytes = 200 },
            TimeProvider.System
        );
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        const ulong last = 8 * 120;
        Task[] readers = [.. Enumerable.Range(0, 2).Select(_ => ReadAsync())];

        for (ulong commit = 8; commit <= last; commit += 8)
        {
            await appender.AppendAsync(Whole(commit, 3, bytes: 40), Cancel);
            if (commit % 24 == 0)
                await appender.RetainAsync(new LogRetention(TimeSpan.FromDays(10_000), 500), Cancel);
        }
        await Task.WhenAll(readers).WaitAsync(Stuck, Cancel);

        async Task ReadAsync()
        {
            var after = Position.Start;
            while (after < End(last))
            {
                await log.WaitAsync(Shop, after, Stuck, Cancel);
                var read = await log.ReadAsync(Shop, after, new LogReadLimit(2, 1_000), Cancel);
                if (read is not LogRead<LogPage>.Found(var page))
                {
                    after = (await log.ExtentAsync(Shop, Cancel))!.Begin;
                    continue;
                }
                foreach (var record in page.Records)
                {
                    Assert.True(Follows(after, record.Position), $"{record.Position} came behind {after}.");
                    after = record.Position;
                }
                after = page.Through;
            }
        }

        static bool Follows(Position before, Position next) =>
            before.IsEnd || before.Ordinal == 2 || before == Position.Start
                ? next.Ordinal == 0 && next.Commit.Value == before.Commit.Value + 8
                : next.Commit == before.Commit && next.Ordinal == before.Ordinal + 1;
    }

    [Fact]
    public async Task RetainAsync_DroppedSegments_LeaveNoTables()
    {
        await using var log = new EmbeddedChangeLog(
            _store,
            new EmbeddedLogOptions { SegmentBytes = 10 },
            TimeProvider.System
        );
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        for (ulong commit = 8; commit <= 8 * 40; commit += 8)
            await appender.AppendAsync(Whole(commit, 1), Cancel);

        var dropped = await appender.RetainAsync(new LogRetention(TimeSpan.Zero, 0), Cancel);

        Assert.Equal(39, dropped);
        Assert.Equal(
            2,
            await ScalarAsync<long>(
                "select count(*) from pg_class where relkind = 'r' and relnamespace = 'log'::regnamespace and "
                    + "relname ~ '_[0-9]+$'"
            )
        );
        Assert.Equal(1, await ScalarAsync<long>("select count(*) from log.segment"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Page_ManySegments_IsReadInOrderWithoutASort(bool analyzed)
    {
        await using var log = new EmbeddedChangeLog(
            _store,
            new EmbeddedLogOptions { SegmentBytes = 300_000 },
            TimeProvider.System
        );
        await using var appender = await log.OpenAppenderAsync(Shop, Cancel);
        for (ulong commit = 8; commit <= 8 * 6; commit += 8)
            await appender.AppendAsync(Whole(commit, 1_000, bytes: 300), Cancel);
        await using var connection = await _store.OpenConnectionAsync(Cancel);
        if (analyzed)
            await new NpgsqlCommand("analyze log.record", connection).ExecuteNonQueryAsync(Cancel);
        var segments = await ScalarAsync<long[]>("select array_agg(segment order by segment) from log.segment");

        await using var command = new NpgsqlCommand(
            "explain (analyze, costs off, timing off, summary off) " + EmbeddedLogReader.Page,
            connection
        );
        command
            .Parameters.With(segments[3])
            .With(new Position(1, new Lsn(8 * 4), 500))
            .With(End(8 * 12))
            .With(100)
            .With(1L << 20)
            .With(true, NpgsqlTypes.NpgsqlDbType.Boolean);
        var plan = new List<string>();
        await using (var row = await command.ExecuteReaderAsync(Cancel))
        {
            while (await row.ReadAsync(Cancel))
                plan.Add(row.GetString(0));
        }

        var text = string.Join(Environment.NewLine, plan);
        Assert.DoesNotContain("Sort", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan", text, StringComparison.Ordinal);
        Assert.Contains("Index Scan", text, StringComparison.Ordinal);
        Assert.Contains("Index Cond: ((segment = ", text, StringComparison.Ordinal);
        Assert.Single(plan, line => line.Contains(" on record", StringComparison.Ordinal));
    }

    [Fact]
    public async Task EveryCall_StoreOfAnotherVersion_IsRefused()
    {
        await using var log = new EmbeddedChangeLog(_store, Patient, TimeProvider.System);
        await ScalarAsync<int>(
            "update public.strangler_schema set version = 1000 where room = 'log' returning version"
        );

        foreach (
            var call in (Func<Task>[])
                [
                    () => log.OpenAppenderAsync(Shop, Cancel),
                    () => log.ExtentAsync(Shop, Cancel),
                    () => log.ReadAsync(Shop, Position.Start, LogReadLimit.Default, Cancel),
                    () => log.WaitAsync(Shop, Position.Start, Stuck, Cancel),
                    () => log.SeekAsync(Shop, Day, Cancel),
                ]
        )
        {
            var fault = await Assert.ThrowsAsync<FaultException>(call);
            Assert.Contains("newer", fault.Message, StringComparison.Ordinal);
        }
    }
}
