using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>The connector's default publication is one of all tables, also of those that nobody selects.</summary>
public sealed class AllTablesTests(PostgresFixture postgres)
{
    [Fact]
    public async Task RunAsync_TableThatIsNotSelectedHasNoIdentity_IsNamedAndItsUpdatesWork()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            "create table item (id int primary key); create table audit (line text); insert into audit values ('a')"
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("table.include.list", "public.item"));

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            bridge.Completion.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken)
        );

        Assert.Contains("public.audit", fault.Message, StringComparison.Ordinal);
        Assert.Contains("its own UPDATE and DELETE would fail", fault.Message, StringComparison.Ordinal);
        Assert.Contains("publication.autocreate.mode set to 'filtered'", fault.Message, StringComparison.Ordinal);
        Assert.Equal(0, await source.ScalarAsync<long>("select count(*) from pg_publication"));
        await source.ExecuteAsync("update audit set line = 'b'");
    }

    /// <summary>The publication of all tables takes it in by itself, and its own UPDATE fails.</summary>
    [Theory]
    [InlineData("create table late (v text)", "public.late")]
    [InlineData("alter table item drop constraint item_pkey", "public.item")]
    public async Task RunAsync_TableWithoutIdentityComesLater_IsNamedWithTheWayOut(string change, string table)
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");
        await using var bridge = RunningBridge.StartAsConnector(source, ("table.include.list", "public.item"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(change);
        await bridge.SaidAsync($"{table}: It has lost its primary key or replica identity");

        await source.ExecuteAsync($"alter table {table} replica identity full");
        await source.ExecuteAsync("insert into item values (1)");
        await bridge.CaughtUpAsync(source);
        Assert.Single(bridge.Said.Errors, line => line.Contains("replica identity", StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_EveryTableHasAnIdentity_IsPublishedWhetherSelectedOrNot()
    {
        await using var source = await SourceDatabase.CreateAsync(
            postgres,
            """
            create table item (id int primary key);
            create table audit (line text primary key);
            create unlogged table scratch (line text);
            """
        );
        await using var bridge = RunningBridge.StartAsConnector(source, ("table.include.list", "public.item"));
        await bridge.CaughtUpAsync(source);

        await source.ExecuteAsync(
            "insert into item values (1); insert into audit values ('a'); update audit set line = 'b'"
        );
        var records = await bridge.CaughtUpAsync(source);

        Assert.True(await source.ScalarAsync<bool>("select puballtables from pg_publication"));
        Assert.Equal("shop.public.item", Assert.Single(records, record => record.Key is not null).Topic);
        Assert.Contains("was created for all tables", bridge.Said.ToString(), StringComparison.Ordinal);
    }
}
