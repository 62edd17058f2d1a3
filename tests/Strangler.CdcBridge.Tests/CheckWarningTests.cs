using Microsoft.Extensions.Configuration;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What the check reports that is not a fault.</summary>
public sealed class CheckWarningTests(PostgresFixture postgres)
{
    [Fact]
    public async Task WarningsAsync_ServerBoundsNoSlot_NamesTheSetting()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(source.Properties()).Build();
        var nowhere = new ConfigurationBuilder()
            .AddInMemoryCollection(source.Properties(("Source:database.port", "1")))
            .Build();
        Assert.Empty(await BridgeCheck.WarningsAsync(configuration, TestContext.Current.CancellationToken));
        // this is a fault, and reported as one
        Assert.Empty(await BridgeCheck.WarningsAsync(nowhere, TestContext.Current.CancellationToken));
        _ = postgres.Server; // a container's settings can't be altered

        try
        {
            await SetAsync(source, "alter system set max_slot_wal_keep_size = -1", "-1");
            var warning = Assert.Single(
                await BridgeCheck.WarningsAsync(configuration, TestContext.Current.CancellationToken)
            );

            Assert.Contains("max_slot_wal_keep_size", warning.Problem, StringComparison.Ordinal);
            Assert.Contains($"pg_drop_replication_slot('{source.Slot}')", warning.WayOut, StringComparison.Ordinal);
        }
        finally
        {
            await SetAsync(source, "alter system reset max_slot_wal_keep_size", "10GB");
        }
    }

    private static async Task SetAsync(SourceDatabase source, string sql, string value)
    {
        await source.ExecuteAsync(sql);
        await source.ScalarAsync<bool>("select pg_reload_conf()");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (await source.ScalarAsync<string>("select current_setting('max_slot_wal_keep_size')") != value)
            limit.Token.ThrowIfCancellationRequested();
    }
}
