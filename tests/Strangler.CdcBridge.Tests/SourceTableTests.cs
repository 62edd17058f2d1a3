using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Tables;
using Strangler.Testing;
using Xunit;

namespace Strangler.CdcBridge.Tests;

/// <summary>What the source's catalogue says of its relations before anything is captured.</summary>
public sealed class SourceTableTests(PostgresFixture postgres)
{
    private const string Relations = """
        create table item (
            id int primary key,
            name varchar(10) not null,
            price numeric(8,2),
            twice int generated always as (id * 2) stored
        );
        create table other (id int primary key);
        create table bare (id int); alter table bare replica identity full;
        create unlogged table volatile (id int primary key);
        create view seen as select id from item;
        create materialized view kept as select id from item;
        create foreign data wrapper w;
        create server s foreign data wrapper w;
        create foreign table far (id int) server s;
        create table parted (id int primary key) partition by range (id);
        """;

    [Fact]
    public async Task TablesAsync_RelationsOfEveryKind_AreThereWithWhatStandsAgainstCapturingThem()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Relations);

        var tables = await TablesAsync(source, ("Source:table.include.list", "public.(?!other).*"));

        Assert.Equal(["bare", "far", "item", "kept", "other", "parted", "seen", "volatile"], tables.Keys.Order());
        var item = tables["item"];
        Assert.Equal(
            [
                new("id", "integer", 23, false, 0),
                new("name", "character varying(10)", 1043, false, null),
                new("price", "numeric(8,2)", 1700, true, null),
            ],
            item.Table.Columns
        );
        Assert.Null(item.Obstacle);
        Assert.Null(tables["bare"].Obstacle);
        Assert.Empty(tables["bare"].Table.Key());
        Assert.StartsWith(
            "Source:table.include.list: The table 'public.other' is not selected",
            tables["other"].Obstacle?.ToString(),
            StringComparison.Ordinal
        );
        Assert.Contains("unlogged", tables["volatile"].Obstacle?.Problem, StringComparison.Ordinal);
        Assert.Contains("SET LOGGED", tables["volatile"].Obstacle?.WayOut, StringComparison.Ordinal);
        Assert.Contains("is a view", tables["seen"].Obstacle?.Problem, StringComparison.Ordinal);
        Assert.Contains("materialized view", tables["kept"].Obstacle?.Problem, StringComparison.Ordinal);
        Assert.Contains("foreign table", tables["far"].Obstacle?.Problem, StringComparison.Ordinal);
        Assert.Contains(
            "CREATE PUBLICATION \"strangler\" FOR TABLE \"public\".\"parted\" WITH (publish_via_partition_root = true)",
            tables["parted"].Obstacle?.WayOut,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task TablesAsync_PublicationExists_ItsColumnsAndItsPartitionsCount()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, Relations);
        await source.ExecuteAsync("create publication strangler for table item (id, price), parted");
        var byLeaf = await TablesAsync(source);

        await source.ExecuteAsync("alter publication strangler set (publish_via_partition_root = true)");
        var byRoot = await TablesAsync(source);

        Assert.Equal(["id", "price"], byLeaf["item"].Table.Columns.Select(column => column.Name));
        Assert.Contains("ALTER PUBLICATION", byLeaf["parted"].Obstacle?.WayOut, StringComparison.Ordinal);
        Assert.Null(byRoot["parted"].Obstacle);
    }

    [Fact]
    public async Task TablesAsync_SourceThatDoesNotAnswer_AreNotKnown()
    {
        await using var source = await SourceDatabase.CreateAsync(postgres, "create table item (id int primary key)");

        Assert.Null(
            await BridgeCheck.TablesAsync(
                Configuration(source, ("Source:database.port", "1")),
                TestContext.Current.CancellationToken
            )
        );
    }

    private static async Task<Dictionary<string, SourceTable>> TablesAsync(
        SourceDatabase source,
        params (string, string?)[] changes
    ) =>
        (
            await BridgeCheck.TablesAsync(Configuration(source, changes), TestContext.Current.CancellationToken)
        )!.ToDictionary(table => table.Table.Table);

    private static IConfiguration Configuration(SourceDatabase source, params (string, string?)[] changes) =>
        new ConfigurationBuilder().AddInMemoryCollection(source.Properties(changes)).Build();
}
