using System.Collections.Concurrent;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests.Telemetry;

public sealed class BridgeMetricsTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_ChangesOfATable_AreMeasured()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, v int); insert into item values (1, 1), (2, 1)"
        );
        await using var bridge = RunningBridge.Start(source);
        using var measured = new Measured(bridge.Monitor.Metrics.Meter);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync("insert into item values (3, 1)");
        await source.ExecuteAsync("update item set v = 2");
        await source.ExecuteAsync("delete from item where id = 1");
        await source.ExecuteAsync("truncate item");
        // An append is measured when it is stored, so a reader of the log may see it before.
        await bridge.RecordsAsync(_ => measured.Sum("strangler.bridge.events", "shop.public.item", "truncate") > 0);
        await bridge.RecordsAsync(_ => measured.Last("strangler.bridge.retained_wal") > 0);
        await bridge.RecordsAsync(_ => measured.Last("strangler.bridge.safe_wal") > 0); // a setting of the whole server

        Assert.Equal(1, measured.Sum("strangler.bridge.events", "shop.public.item", "create"));
        Assert.Equal(3, measured.Sum("strangler.bridge.events", "shop.public.item", "update"));
        Assert.Equal(1, measured.Sum("strangler.bridge.events", "shop.public.item", "delete"));
        Assert.Equal(1, measured.Sum("strangler.bridge.events", "shop.public.item", "tombstone"));
        Assert.Equal(1, measured.Sum("strangler.bridge.events", "shop.public.item", "truncate"));
        Assert.True(measured.Sum("strangler.bridge.published") > 0);
        Assert.True(measured.Last("strangler.bridge.lag_wal") >= 0);
        Assert.True(measured.Last("strangler.bridge.lag") >= 0);
    }

    [Fact]
    public async Task RunAsync_Snapshot_TellsHowFarItIs()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table a (id int primary key);
            create table b (id int not null, primary key (id)) partition by range (id);
            create table b1 partition of b for values from (0) to (100000);
            create table empty (id int primary key);
            insert into a select generate_series(1, 5000);
            insert into b select generate_series(1, 3000);
            """
        );
        await source.ExecuteAsync("analyze a, b1, empty");
        ConcurrentQueue<BridgeStatus> seen = [];
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using var bridge = RunningBridge.Start(source, log);
        using var measured = new Measured(bridge.Monitor.Metrics.Meter);
        log.EndBehind(_ =>
        {
            seen.Enqueue(bridge.Monitor.Status);
            return false;
        });

        await StreamsAsync(source, bridge, "insert into a values (0)");

        var progress = seen.OfType<BridgeStatus.Snapshot>().Select(status => status.Progress).ToList();
        Assert.True(progress.Count > 3, $"{progress.Count}");
        Assert.All(progress, one => Assert.Equal((3, 8000L), (one.Tables, one.EstimatedRows)));
        Assert.Equal(progress.OrderBy(one => one.Rows).ThenBy(one => one.TablesRead), progress);
        Assert.Equal((3, 8000L), (progress[^1].TablesRead, progress[^1].Rows));
        Assert.Equal(8000, measured.Sum("strangler.bridge.rows_read"));
        Assert.Equal(8000, measured.Sum("strangler.bridge.events", null, "read"));
        Assert.True(measured.Sum("strangler.bridge.chunks_read") > 3);
        Assert.IsType<BridgeStatus.Stream>(bridge.Monitor.Status);
    }

    [Fact]
    public async Task RunAsync_ConnectionLost_IsAnErrorOfTheSource()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        using var measured = new Measured(bridge.Monitor.Metrics.Meter);
        await StreamsAsync(source, bridge, "insert into item values (1)");

        await source.ExecuteAsync(
            "select pg_terminate_backend(active_pid) from pg_replication_slots " + $"where slot_name = '{source.Slot}'"
        );
        await bridge.RecordsAsync(_ => measured.Sum("strangler.bridge.reconnects") > 0);
        await source.ExecuteAsync("insert into item values (2)");
        await bridge.RecordsAsync(records => records.Count(record => record.Kind == LogRecordKind.Data) == 2);

        Assert.True(measured.Sum("strangler.bridge.errors", null, "source") > 0);
    }

    [Fact]
    public void Appended_MoreTablesThanSeries_ShareOne()
    {
        using var metrics = new BridgeMetrics();
        using var measured = new Measured(metrics.Meter);
        for (var table = 0; table < EventCounter.MaxTables + 10; table++)
        {
            var record = new LogRecord(
                Position.Start,
                1,
                LogRecordKind.Tombstone,
                $"shop.public.t{table}",
                [],
                [],
                null
            );
            metrics.Appended(new LogAppend([record], [], null, DateTimeOffset.UnixEpoch), TimeSpan.Zero);
        }

        Assert.Equal(1, measured.Sum("strangler.bridge.events", "shop.public.t0"));
        Assert.Equal(10, measured.Sum("strangler.bridge.events", EventCounter.Others));
    }

    /// <summary>Returns once a row has come through the stream: a snapshot alone may be all there is.</summary>
    private static async Task StreamsAsync(SourceDatabase source, RunningBridge bridge, string insert)
    {
        await bridge.CaughtUpAsync(source);
        await source.ExecuteAsync(insert);
        await bridge.RecordsAsync(records =>
            records.Any(record => record.Kind == LogRecordKind.Data && record.Xid != 0)
        );
    }
}
