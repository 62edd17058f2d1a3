using Npgsql;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Store;
using Strangler.Gateway.Stages;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

public sealed class StageStoreTests(PostgresFixture postgres)
{
    [Fact]
    public async Task TryChangeAsync_ManyAtOnceOnOneVersion_HappensOnce()
    {
        await using var data = await StoreAsync();
        var store = new StageStore(data);
        await store.AddAsync([("a", Stage.Legacy)], TestContext.Current.CancellationToken);

        var changed = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(index =>
                    store.TryChangeAsync(
                        "a",
                        1,
                        Stage.Lookup,
                        $"who {index}",
                        "why",
                        TestContext.Current.CancellationToken
                    )
                )
        );

        Assert.Single(changed, happened => happened);
        var stage = Assert.Single(await store.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal((Stage.Lookup, 2), (stage.Stage, stage.Version));
        Assert.Equal(
            [(2, Stage.Legacy, Stage.Lookup), (1, null, Stage.Legacy)],
            (await store.HistoryAsync("a", 10, TestContext.Current.CancellationToken)).Select(change =>
                (change.Version, change.From, change.To)
            )
        );
    }

    [Fact]
    public async Task AddAsync_KnownRoute_IsLeftAsItIs()
    {
        await using var data = await StoreAsync();
        var store = new StageStore(data);
        await store.AddAsync([("a", Stage.Legacy)], TestContext.Current.CancellationToken);

        await store.AddAsync([("a", Stage.Lookup), ("b", Stage.Lookup)], TestContext.Current.CancellationToken);

        Assert.Equal(
            [("a", Stage.Legacy), ("b", Stage.Lookup)],
            (await store.ReadAsync(TestContext.Current.CancellationToken))
                .OrderBy(stage => stage.Route)
                .Select(stage => (stage.Route, stage.Stage))
        );
        Assert.Single(await store.HistoryAsync("a", 10, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("update gateway.stage_change set why = 'x'")]
    [InlineData("delete from gateway.stage_change")]
    [InlineData("truncate gateway.stage_change")]
    public async Task History_WhoeverWouldChangeIt_IsRefused(string sql)
    {
        await using var data = await StoreAsync();
        await new StageStore(data).AddAsync([("a", Stage.Legacy)], TestContext.Current.CancellationToken);
        await using var command = data.CreateCommand(sql);

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("kept for ever", refused.MessageText, StringComparison.Ordinal);
    }

    private async Task<NpgsqlDataSource> StoreAsync()
    {
        var data = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("stages"));
        await StoreMigration.MigrateAsync(data, [GatewaySchema.Value], TestContext.Current.CancellationToken);
        return data;
    }
}
