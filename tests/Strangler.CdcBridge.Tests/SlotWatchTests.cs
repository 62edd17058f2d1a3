using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What the slot holds back is warned of, whatever the bridge does.</summary>
public sealed class SlotWatchTests(PostgresFixture postgres)
{
    private const string Risk = "The source's disk is at risk.";
    private const string Released = "no longer holds back too much write-ahead log";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly (string, string?) Small = ("Bridge:MaxRetainedWal", "20000000");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_StreamingBridge_WarnsOnceAndSaysWhenItIsOver()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var timings = RunningBridge.Timings with { SlotCalm = TimeSpan.Zero };
        await using var bridge = RunningBridge.Start(source, timings: timings, changes: [Small]);
        await bridge.CaughtUpAsync(source);

        Fault? fault;
        // While a transaction with a change is open, the slot lets nothing go.
        await using (var connection = await source.Data.OpenConnectionAsync(Cancel))
        await using (var open = await connection.BeginTransactionAsync(Cancel))
        {
            await using var insert = new NpgsqlCommand("insert into item values (1)", connection, open);
            await insert.ExecuteNonQueryAsync(Cancel);
            await WriteAsync(source);
            await bridge.SaidAsync(Risk);
            fault = bridge.Monitor.WalRisk;
        }
        await ReleaseAsync(source, bridge);
        await bridge.SaidAsync(Released);

        Assert.Contains("more than Bridge:MaxRetainedWal (19.1 MB)", fault!.Problem, StringComparison.Ordinal);
        Assert.Contains(bridge.Said.Errors, line => line.Contains(Risk, StringComparison.Ordinal));
        Assert.All(
            Changes(bridge.Said).Index(),
            change => Assert.Contains(change.Index % 2 == 0 ? Risk : Released, change.Item, StringComparison.Ordinal)
        );
    }

    /// <summary>It waits for a publication that nobody creates, and the slot holds back the log.</summary>
    [Fact]
    public async Task RunAsync_BridgeThatWaits_Warns()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create publication strangler for table item"
        );
        (string, string?)[] changes = [Small, ("Source:publication.autocreate.mode", "disabled")];
        var log = new InMemoryChangeLog(TimeProvider.System);
        await using (var first = RunningBridge.Start(source, log, changes: changes))
        {
            await first.CaughtUpAsync(source);
            await first.StopAsync();
        }
        await source.ExecuteAsync("drop publication strangler");

        await using var bridge = RunningBridge.Start(source, log, changes: changes);
        await bridge.SaidAsync("waiting for it");
        await WriteAsync(source);
        await bridge.SaidAsync(Risk);

        Assert.IsType<BridgeStatus.Wait>(bridge.Monitor.Status);
        Assert.NotNull(bridge.Monitor.WalRisk);
    }

    /// <summary>Its fault is the store's, and the slot's is one more.</summary>
    [Fact]
    public async Task RunAsync_BridgeThatStopsOnAFault_WarnsAmongItsFaults()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        await WriteAsync(source);
        var said = new SaidLogger();
        using var monitor = new BridgeMonitor();

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            BridgePart.RunAsync(
                new ConfigurationBuilder().AddInMemoryCollection(source.Properties(Small)).Build(),
                monitor,
                said,
                Cancel
            )
        );

        Assert.Contains("strangler migrate", fault.Faults[0].WayOut, StringComparison.Ordinal);
        Assert.Contains(fault.Faults, one => one.Path == $"slot '{source.Slot}'");
        Assert.Contains(said.Errors, line => line.Contains(Risk, StringComparison.Ordinal));
        Assert.Equal(fault.Faults, Assert.IsType<BridgeStatus.End>(monitor.Status).Faults);
    }

    [Fact]
    public async Task WarningsAsync_SlotHoldsBackTooMuch_IsWarnedOf()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source.Properties(Small)).Build();
        await source.ScalarAsync<object>($"select pg_create_logical_replication_slot('{source.Slot}', 'pgoutput')");
        var unlimited = new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build();

        await WriteAsync(source);
        var after = await BridgeCheck.WarningsAsync(configuration, Cancel);
        var preset = await BridgeCheck.WarningsAsync(unlimited, Cancel); // by gigabytes, which no test writes

        Assert.DoesNotContain(preset, warning => warning.Path == $"slot '{source.Slot}'");
        Assert.Contains(after, warning => warning.Path == $"slot '{source.Slot}'");
    }

    /// <summary>Each is a change of state: other tests write to the same server too.</summary>
    private static IEnumerable<string> Changes(SaidLogger said) =>
        said.Lines.Where(line =>
            line.Contains(Risk, StringComparison.Ordinal) || line.Contains(Released, StringComparison.Ordinal)
        );

    private static Task WriteAsync(SourceDatabase source) =>
        source.ExecuteAsync("select pg_logical_emit_message(false, 'other', repeat('x', 25000000))");

    /// <summary>
    /// The slot lets go once the server has noted its running transactions, which a checkpoint does, and the bridge has
    /// confirmed a later position.
    /// </summary>
    private static async Task ReleaseAsync(SourceDatabase source, RunningBridge bridge)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Limit);
        while (bridge.Monitor.WalRisk is not null)
        {
            await source.ExecuteAsync("checkpoint");
            await bridge.CaughtUpAsync(source);
            limit.Token.ThrowIfCancellationRequested();
        }
    }
}
