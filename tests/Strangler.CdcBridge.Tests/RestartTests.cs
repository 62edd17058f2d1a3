using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Faults;
using Strangler.ChangeLog;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The bridge ends at any instant and starts again: nothing is lost, and nothing appears twice.</summary>
public sealed class RestartTests(PostgresFixture postgres)
{
    private static readonly BridgeTimings Impatient = RunningBridge.Timings with
    {
        SlotPatience = TimeSpan.FromSeconds(2),
    };

    [Fact]
    public async Task RunAsync_EndedBetweenStoringAndAcknowledging_RepeatsNothing()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, v int); insert into item select g, 0 from generate_series(1, 10) g"
        );
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        await using (var first = RunningBridge.Start(source, log))
        {
            await first.CaughtUpAsync(source);
            log.EndBehind(append => append.Records.Count > 0);
            await source.ExecuteAsync("insert into item values (11, 0)");
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                first.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );
        }
        await source.ExecuteAsync("insert into item values (12, 0)");

        await using var second = RunningBridge.Start(source, log);
        var records = await second.CaughtUpAsync(source);

        Assert.Equal(
            [.. Enumerable.Range(1, 12).Select(id => $$"""{"id":{{id}}}""")],
            records
                .Where(record => record.Kind == LogRecordKind.Data)
                .Select(record => System.Text.Encoding.UTF8.GetString(record.Key!))
        );
        Assert.Contains("sends again", second.Said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_SnapshotEndedHalfWay_BeginsAnewWithoutGhosts()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create table other (id int primary key); insert into item "
                + "select generate_series(1, 5000); insert into other values (1)"
        );
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        log.EndBehind(append => append.Records.Count > 1000);
        await using (var first = RunningBridge.Start(source, log))
        {
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                first.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
            );
        }
        await source.ExecuteAsync("delete from item where id <= 4000");

        await using var second = RunningBridge.Start(source, log);
        var records = await second.CaughtUpAsync(source);

        Assert.Equal(
            1000,
            records.Count(record => record.Kind == LogRecordKind.Data && record.Topic == "shop.public.item")
        );
        Assert.Equal(
            ["""read item {"rows":1000}""", """read other {"rows":1}"""],
            Written.All(records.Where(record => record.Kind == LogRecordKind.TableRead)).Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            1,
            await source.ScalarAsync<long>(
                $"select count(*) from pg_replication_slots where slot_name = '{source.Slot}'"
            )
        );
    }

    [Fact]
    public async Task RunAsync_StartedAgainUnderWrites_HasEveryCommitOnceInOrder()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key, v int)"
        );
        var log = new InMemoryChangeLog(TimeProvider.System);
        using var enough = new CancellationTokenSource();
        var writes = Task.Run(async () =>
        {
            var id = 0;
            while (!enough.IsCancellationRequested)
                await source.ExecuteAsync(
                    $"insert into item values ({++id}, 0); update item set v = v + 1 where id = {id}"
                );
            return id;
        });
        for (var run = 0; run < 4; run++)
        {
            await using var bridge = RunningBridge.Start(source, log);
            var enoughRecords = (run + 1) * 40;
            await bridge.RecordsAsync(records => records.Count >= enoughRecords);
            await bridge.StopAsync();
        }
        await enough.CancelAsync();
        var count = await writes;

        await using var last = RunningBridge.Start(source, log);
        var records = await last.CaughtUpAsync(source);

        var seen = new Dictionary<string, int>();
        foreach (var record in records.Where(record => record.Kind == LogRecordKind.Data))
        {
            var row = ChangeTests.After(record);
            var (id, v) = (row.GetProperty("id").GetRawText(), row.GetProperty("v").GetInt32());
            var read = Written.Of(record)[0] == 'r';
            Assert.Equal(
                read ? v
                    : seen.TryGetValue(id, out var before) ? before + 1
                    : 0,
                v
            );
            seen[id] = v;
        }
        Assert.Equal(count, seen.Count);
        Assert.All(seen.Values, v => Assert.Equal(1, v));
    }

    [Fact]
    public async Task RunAsync_ServersConnectionTerminated_GoesOn()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.Start(source);
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            $"select pg_terminate_backend(active_pid) from pg_replication_slots where slot_name = '{source.Slot}'"
        );
        await source.ExecuteAsync("insert into item values (1)");
        var records = await bridge.RecordsAsync(records => records.Any(record => record.Kind == LogRecordKind.Data));

        Assert.Single(records, record => record.Kind == LogRecordKind.Data);
    }

    [Fact]
    public async Task RunAsync_SecondBridgeOnTheSlot_IsRefusedAndTheFirstGoesOn()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var first = RunningBridge.Start(source);
        await first.CaughtUpAsync(source);

        await using var second = RunningBridge.Start(source, first.Log, Impatient);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            second.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Contains("is in use by process", fault.Message, StringComparison.Ordinal);
        await source.ExecuteAsync("insert into item values (1)");
        Assert.Contains("""c item {"id":1} null {"id":1}""", Written.All(await first.CaughtUpAsync(source)));
    }

    /// <summary>
    /// Between its snapshot and its stream the first bridge doesn't hold the slot: a second one that starts just then
    /// would fence it in the log, and itself fail at the slot.
    /// </summary>
    [Fact]
    public async Task RunAsync_SecondBridgeBetweenSnapshotAndStream_IsRefusedAndTheFirstGoesOn()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var log = new EndingLog(new InMemoryChangeLog(TimeProvider.System));
        var (stored, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        log.HoldBehind(
            append => append.Through is not null,
            async () =>
            {
                stored.TrySetResult();
                await goOn.Task;
            }
        );
        await using var first = RunningBridge.Start(source, log);
        await stored.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.False(
            await source.ScalarAsync<bool>($"select active from pg_replication_slots where slot_name = '{source.Slot}'")
        );

        await using var second = RunningBridge.Start(source, log, Impatient);
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            second.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );
        goOn.SetResult();

        Assert.Contains("is in use by process", fault.Message, StringComparison.Ordinal);
        await source.ExecuteAsync("insert into item values (1)");
        Assert.Contains("""c item {"id":1} null {"id":1}""", Written.All(await first.CaughtUpAsync(source)));
    }

    /// <summary>Another reader of the slot, without our lock: the fault is in our own words.</summary>
    [Theory]
    [InlineData("replication slot \"s\" is active for PID 4711", "It is in use by process 4711 of the server.")]
    [InlineData("Replikations-Slot »s« ist aktiv für PID 4711", "It is in use by process 4711 of the server.")]
    [InlineData("replication slot is in use", "It is in use by another process of the server.")]
    public void Of_SlotInUse_IsOurSentence(string words, string sentence)
    {
        var config = BridgeConfigReader.Read(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    new Dictionary<string, string?>
                    {
                        ["Store:ConnectionString"] = "Host=localhost",
                        ["Source:topic.prefix"] = "shop",
                        ["Source:database.hostname"] = "localhost",
                        ["Source:database.user"] = "u",
                        ["Source:database.dbname"] = "d",
                    }
                )
                .Build()
        );

        Assert.Equal(
            sentence,
            SourceFaults
                .Of(new PostgresException(words, "ERROR", "ERROR", PostgresErrorCodes.ObjectInUse), config, null)!
                .Problem
        );
    }
}
