using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.CdcBridge.Telemetry;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The product's own composition: the bridge on the embedded log.</summary>
public sealed class EmbeddedLogTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_OnTheEmbeddedLog_StartedAgain_HasEveryChangeOnce()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); insert into item select generate_series(1, 3000)"
        );
        var connectionString = await postgres.CreateDatabaseAsync("store");
        await using var store = NpgsqlDataSource.Create(connectionString);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], TestContext.Current.CancellationToken);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        for (var run = 0; run < 3; run++)
        {
            await using var bridge = RunningBridge.Start(source, log);
            await bridge.CaughtUpAsync(source);
            await source.ExecuteAsync(
                $"insert into item values ({4000 + run}); update item set id = {5000 + run} where id = {run + 1}"
            );
            await bridge.CaughtUpAsync(source);
            await bridge.StopAsync();
        }

        await using var last = RunningBridge.Start(source, log);
        var records = await last.CaughtUpAsync(source);

        Assert.Equal(3000, records.Count(record => record.Kind == LogRecordKind.Data && record.Xid == 0));
        Assert.Equal(9, records.Count(record => record.Kind == LogRecordKind.Data && record.Xid != 0));
        Assert.Equal(records.Count, records.Select(record => record.Position).Distinct().Count());
    }

    [Fact]
    public async Task RunAsync_StoreNotMigrated_IsAFault()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build();

        using var monitor = new BridgeMonitor();
        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            BridgePart.RunAsync(configuration, monitor, new SaidLogger(), TestContext.Current.CancellationToken)
        );

        Assert.Contains("strangler migrate", fault.Message, StringComparison.Ordinal);
    }
}
