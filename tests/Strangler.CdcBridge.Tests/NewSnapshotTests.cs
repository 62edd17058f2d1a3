using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>A new snapshot that a person requests, with the request in the store and the log on Kafka.</summary>
public sealed class NewSnapshotTests(PostgresFixture postgres, KafkaBroker broker)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task TakeAsync_LogOnKafkaAndNoBridge_IsTakenHereAndEnds()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var configuration = await ConfigureAsync(source);

        Assert.Equal("The new snapshot has ended; the log is in epoch 1.", (await TakeAsync(configuration))[^1]);
        Assert.Equal("The new snapshot has ended; the log is in epoch 2.", (await TakeAsync(configuration))[^1]);
    }

    [Fact]
    public async Task TakeAsync_LogOnKafkaAndABridgeThatRuns_IsTakenByItAndEnds()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var configuration = await ConfigureAsync(source);
        await TakeAsync(configuration); // a request that has been completed doesn't count any more
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var logs = new SaidLogger();
        using var monitor = new BridgeMonitor();
        var bridge = Task.Run(() => BridgePart.RunAsync(configuration, monitor, logs, stop.Token), stop.Token);
        await source.RepliedTwiceAsync();

        var said = await TakeAsync(configuration);
        await stop.CancelAsync();
        await bridge.WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.Equal("The running bridge takes it.", said[1]);
        Assert.Equal("The new snapshot has ended; the log is in epoch 2.", said[^1]);
    }

    /// <summary>What faults of a connector's slot name as the way out.</summary>
    [Fact]
    public async Task TakeAsync_ConnectorWithoutAStore_IsTakenHereUnlessItsBridgeRuns()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var prefix = KafkaBroker.Name("alone");
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(
                source.Properties([
                    ("Store:ConnectionString", null),
                    ("Kafka:bootstrap.servers", await broker.AddressAsync()),
                    ("Source:topic.prefix", prefix),
                    ("Source:event.format", "debezium-3.6"),
                    ("Source:plugin.name", "pgoutput"),
                    ("Source:key.converter", "JsonConverter"),
                    ("Source:value.converter", "JsonConverter"),
                ])
            )
            .Build();

        Assert.Equal(
            [
                $"A new snapshot of '{prefix}' is taken here; the log is in epoch 0.",
                "The new snapshot has ended; the log is in epoch 1.",
            ],
            await TakeAsync(configuration)
        );
        await source.ScalarAsync<object>($"select pg_drop_replication_slot('{source.Slot}')"); // as if it were lost
        await source.ExecuteAsync("insert into item values (1)");
        Assert.Equal("The new snapshot has ended; the log is in epoch 2.", (await TakeAsync(configuration))[^1]);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var monitor = new BridgeMonitor();
        var bridge = Task.Run(
            () => BridgePart.RunAsync(configuration, monitor, new SaidLogger(), stop.Token),
            stop.Token
        );
        await source.RepliedTwiceAsync();
        var fault = await Assert.ThrowsAsync<FaultException>(() => TakeAsync(configuration));
        Assert.Contains("is in use", fault.Message, StringComparison.Ordinal);
        Assert.False(bridge.IsCompleted);
        await stop.CancelAsync();
        await bridge.WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<string>> TakeAsync(IConfiguration configuration)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        var said = new List<string>();
        using var monitor = new BridgeMonitor();
        await NewSnapshot.TakeAsync(configuration, monitor, new SaidLogger(), said.Add, limit.Token);
        return said;
    }

    private async Task<IConfiguration> ConfigureAsync(SourceDatabase source)
    {
        var connectionString = await postgres.CreateDatabaseAsync("store");
        await using var store = NpgsqlDataSource.Create(connectionString);
        await StoreMigration.MigrateAsync(
            store,
            [EmbeddedLogSchema.Value, BridgeSchema.Value],
            TestContext.Current.CancellationToken
        );
        return new ConfigurationBuilder()
            .AddInMemoryCollection(
                source.Properties(
                    ("Store:ConnectionString", connectionString),
                    ("Source:topic.prefix", KafkaBroker.Name("resnapshot")),
                    ("Log:Kafka:bootstrap.servers", await broker.AddressAsync())
                )
            )
            .Build();
    }
}
