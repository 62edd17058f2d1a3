using Microsoft.Extensions.Configuration;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>Each transaction of the log names the one before, whatever happens between the two.</summary>
public sealed class ContinuityTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>
    /// Between them: transactions that publish nothing, others that capture nothing, a table that is read again, a
    /// bridge that ends behind an append, and a new epoch.
    /// </summary>
    [Fact]
    public async Task RunAsync_EndedAndStartedAgain_EachTransactionNamesTheOneBefore()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var log = new InMemoryChangeLog(TimeProvider.System);
        var ending = new EndingLog(log);
        for (var run = 0; run < 3; run++)
        {
            await using var bridge = RunningBridge.Start(source, ending);
            await bridge.CaughtUpAsync(source);
            for (var id = 0; id < 5; id++)
                await source.ExecuteAsync(
                    $"insert into item values ({run * 10 + id}); create table if not exists idle_{run} (id int)"
                );
            await source.ExecuteAsync($"alter table item add column c{run} int default 1");
            await source.ExecuteAsync($"insert into item values ({run * 10 + 7})");
            await bridge.CaughtUpAsync(source);
            ending.EndBehind(append => append.Transactions.Count > 0);
            await source.ExecuteAsync($"insert into item values ({run * 10 + 8})");
            await Assert.ThrowsAsync<InvalidOperationException>(() =>
                bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), Cancellation)
            );
        }
        await using (var fresh = RunningBridge.Start(source, log, null, ("Source:resnapshot", "true")))
        {
            await fresh.CaughtUpAsync(source);
            await source.ExecuteAsync("insert into item values (100)");
            await source.ExecuteAsync("insert into item values (101)");
            await fresh.CaughtUpAsync(source);
        }

        var (check, extent) = Assert.NotNull(await ContinuityReader.ReadAsync(log, RunningBridge.Prefix, Cancellation));

        Assert.Empty(check.Breaks);
        Assert.True(extent.End!.Value.Epoch > 1);
        Assert.True(check.Count >= 23, $"{check.Count}");
        Assert.Equal(check.Count - extent.End.Value.Epoch, check.NamedCount); // the first of each epoch names none
    }

    /// <summary>As a person asks it, of the embedded log from which a transaction is taken away.</summary>
    [Fact]
    public async Task AuditAsync_TransactionTakenAway_IsAFaultThatNamesThePlace()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Tables);
        var connectionString = await postgres.CreateDatabaseAsync("store");
        await using var store = NpgsqlDataSource.Create(connectionString);
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], Cancellation);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(source.Properties(("Store:ConnectionString", connectionString)))
            .Build();
        List<string> said = [];
        await BridgeAudit.RunAsync(configuration, said.Add, Cancellation);
        await using (var bridge = RunningBridge.Start(source, log))
        {
            await bridge.CaughtUpAsync(source);
            for (var id = 0; id < 4; id++)
                await source.ExecuteAsync($"insert into item values ({id})");
            await bridge.CaughtUpAsync(source);
        }
        await BridgeAudit.RunAsync(configuration, said.Add, Cancellation);
        await using var delete = store.CreateCommand(
            """
            delete from log.transaction where "commit" = (
                select "commit" from log.transaction where xid <> '0' order by "commit" offset 2 limit 1
            )
            """
        );
        Assert.Equal(1, await delete.ExecuteNonQueryAsync(Cancellation));

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            BridgeAudit.RunAsync(configuration, said.Add, Cancellation)
        );

        Assert.Equal("The log of 'shop' holds nothing yet.", said[0]);
        Assert.Contains(
            "holds 4 transactions. 3 of them name the one before, and none is missing before these. The others (1)",
            said[1],
            StringComparison.Ordinal
        );
        Assert.Equal(2, said.Count);
        Assert.Contains("is missing", Assert.Single(fault.Faults).Problem, StringComparison.Ordinal);
    }

    private const string Tables = "create table item (id int primary key)";
}
