using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Store;
using Strangler.Testing;
using Xunit;

namespace Strangler.ChangeLog.Tests;

public sealed class StoreMigrationTests(PostgresFixture postgres)
{
    private static readonly StoreSchema One = new("room", ["create schema room; create table room.a (x int)"]);
    private static readonly StoreSchema Two = new("room", [.. One.Scripts, "alter table room.a add y int"]);

    [Fact]
    public async Task MigrateAsync_OlderStore_RunsOnlyWhatIsMissing()
    {
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StoreMigration.MigrateAsync(store, [One], TestContext.Current.CancellationToken);
        var before = await StoreMigration.FaultAsync(store, Two, TestContext.Current.CancellationToken);

        var lines = await StoreMigration.MigrateAsync(store, [Two], TestContext.Current.CancellationToken);

        Assert.Contains("strangler migrate", before!.WayOut, StringComparison.Ordinal);
        Assert.Equal(["room: version 1 to 2"], lines);
        Assert.Null(await StoreMigration.FaultAsync(store, Two, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task MigrateAsync_NewerStore_IsRefusedAndChangesNothing()
    {
        await using var store = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync());
        await StoreMigration.MigrateAsync(store, [Two], TestContext.Current.CancellationToken);

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            StoreMigration.MigrateAsync(store, [One], TestContext.Current.CancellationToken)
        );

        Assert.Contains("newer", fault.Message, StringComparison.Ordinal);
        Assert.Null(await StoreMigration.FaultAsync(store, Two, TestContext.Current.CancellationToken));
    }
}
