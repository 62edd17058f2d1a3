using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Schema;
using Strangler.CdcBridge.Telemetry;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The watch alongside the stream never ends unnoticed.</summary>
public sealed class SourceWatchTests(PostgresFixture postgres)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task RunAsync_SourceDoesNotAnswer_SaysSoOnceAndLooksAgain()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=1;Username=u;Database=d");
        using var metrics = new BridgeMetrics();
        var said = new SaidLogger();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Limit);
        var watch = new SourceWatch(Config(source), RunningBridge.Timings, nowhere, metrics, TimeProvider.System, said);

        var running = watch.RunAsync(stop.Token);
        while (
            said.Lines.Count(line => line.Contains("not be read", StringComparison.Ordinal)) < 3 && !running.IsCompleted
        )
            await Task.Yield();

        Assert.False(running.IsCompleted);
        Assert.Null(watch.Fault);
        Assert.Single(said.Lines, line => line.Contains("could not be read", StringComparison.Ordinal));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task RunAsync_AnyOtherException_IsSeenByTheStream()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var ended = NpgsqlDataSource.Create(source.ConnectionString);
        await ended.DisposeAsync();
        using var metrics = new BridgeMetrics();
        var watch = new SourceWatch(
            Config(source),
            RunningBridge.Timings with
            {
                Heartbeat = TimeSpan.FromHours(1),
            },
            ended,
            metrics,
            TimeProvider.System,
            new SaidLogger()
        );

        await watch
            .RunAsync(TestContext.Current.CancellationToken)
            .WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.IsType<ObjectDisposedException>(watch.Fault);
    }

    private static BridgeConfig Config(SourceDatabase source) =>
        BridgeConfigReader.Read(new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build());
}
