using Npgsql;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>
/// The bridge and the embedded log on a server that the tests don't start themselves: PostgreSQL in a container, over a
/// published port.
/// </summary>
public sealed class ContainerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RunAsync_ServerInAContainer_SnapshotStreamAndRestartLoseAndRepeatNothing()
    {
        await using var postgres = await PostgresContainer.StartAsync(Cancel);
        if (postgres is null)
        {
            Assert.Skip("No Docker engine answers: start one, or name it in DOCKER_HOST.");
            return;
        }
        await using var source = await SourceDatabase.OpenAsync(
            await postgres.CreateDatabaseAsync("shop", Cancel),
            "create table item (sku text primary key, quantity int, note text); alter table item alter note set "
                + "storage external; insert into item values ('a', 1, repeat('x', 5000)), ('b', null, null)"
        );
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("store", Cancel));
        await StoreMigration.MigrateAsync(store, [EmbeddedLogSchema.Value], Cancel);
        await using var log = new EmbeddedChangeLog(store, new EmbeddedLogOptions(), TimeProvider.System);

        await using (var bridge = RunningBridge.Start(source, log))
        {
            await bridge.CaughtUpAsync(source);
            await source.ExecuteAsync(
                "insert into item values ('c', 3, null); update item set quantity = 2 where sku = 'a'"
            );
            await bridge.CaughtUpAsync(source);
            await bridge.StopAsync();
        }
        await source.ExecuteAsync(
            "begin; update item set sku = 'd' where sku = 'c'; delete from item where sku = 'b'; commit"
        );
        await source.ExecuteAsync("begin; insert into item values ('ghost', 0, null); rollback");
        await using var again = RunningBridge.Start(source, log);
        var records = await again.CaughtUpAsync(source);

        var note = new string('x', 5000);
        Assert.Equal(
            [
                "schema item (sku text, quantity integer, note text)",
                $$"""r item {"sku":"a"} null {"sku":"a","quantity":1,"note":"{{note}}"}""",
                """r item {"sku":"b"} null {"sku":"b","quantity":null,"note":null}""",
                """read item {"rows":2}""",
                """c item {"sku":"c"} null {"sku":"c","quantity":3,"note":null}""",
                """u item {"sku":"a"} null {"sku":"a","quantity":2,"note":"__debezium_unavailable_value"}"""
                    + """ __strangler.unavailable=["note"]""",
                """d item {"sku":"c"} {"sku":"c","quantity":null,"note":null} null __debezium.newkey={"sku":"d"}""",
                """tombstone item {"sku":"c"} __debezium.newkey={"sku":"d"}""",
                """c item {"sku":"d"} null {"sku":"d","quantity":3,"note":null} __debezium.oldkey={"sku":"c"}""",
                """d item {"sku":"b"} {"sku":"b","quantity":null,"note":null} null""",
                """tombstone item {"sku":"b"}""",
            ],
            Written.All(records)
        );
    }
}
