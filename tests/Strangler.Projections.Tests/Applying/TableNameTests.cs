using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Tables;
using Strangler.Foundation.Faults;
using Strangler.Projections.Declaring;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// Tables are found by the topic that the bridge gives them, and nothing is served from a table that the log hasn't
/// described.
/// </summary>
public sealed class TableNameTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Theory]
    [InlineData("Sales Dept", "Order-Line", "Sales Dept.Order-Line")]
    [InlineData("a.b", "c", "\"a.b\".c")]
    [InlineData("Ünï", "x\"y", "\"Ünï\".\"x\"\"y\"")]
    [InlineData("s", "😀", "s.😀")]
    public async Task StepAsync_TableWithANameThatATopicCannotHold_IsReadAlsoAfterAStart(
        string schema,
        string table,
        string declared
    )
    {
        var lines = new TableSchema(schema, table, 1, [new("sku", "text", 25, false, 0)], "1", false);
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((lines, [("""{"sku":"a"}""", """{"sku":"a"}""")]));
        Line.Table = declared;
        var model = ProjectionModelBuilder.Build(typeof(Line), "v1");
        using var applier = await store.OpenAsync(source.Log, _time, [model]);
        await TestStore.CatchUpAsync(applier);
        await source.CommitAsync(SourceLog.Insert(lines, """{"sku":"b"}""", """{"sku":"b"}"""));
        using var again = await store.OpenAsync(source.Log, _time, [model]);

        await TestStore.CatchUpAsync(again);

        Assert.Equal(["a", "b"], (await store.DocumentsAsync("Line")).Keys.Order());
    }

    [Fact]
    public async Task OpenAsync_TableOfWhichTheLogHasSaidNothing_StaysStoppedAfterAStart()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Offers.Schema, []));
        using var applier = await store.OpenAsync(source.Log, _time, [Stocks.Model(), Offers.Model()]);
        await TestStore.CatchUpAsync(applier);
        using var again = await store.OpenAsync(source.Log, _time, [Stocks.Model(), Offers.Model()]);

        await TestStore.CatchUpAsync(again);

        Assert.Equal(
            ["stopped"],
            await store.QueryAsync<string>(
                "select state from projections.build where projection = 'Stocks' and state <> 'old'"
            )
        );
        Assert.Equal(
            ["live"],
            await store.QueryAsync<string>(
                "select state from projections.build where projection = 'Offers' and state <> 'old'"
            )
        ); // empty, and read
    }

    [Fact]
    public async Task StepAsync_TopicThatCarriesAnotherTable_StopsTheProjection()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema with { Table = "stock item" }, [Stocks.Row("a", 1)]));
        Line.Table = "public.stock_item";
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [ProjectionModelBuilder.Build(typeof(Line), "v1")]
        );

        await TestStore.CatchUpAsync(applier);

        Assert.Contains(
            "carries the table public.stock item",
            await store.ScalarAsync<string>("select problem from projections.build where state = 'stopped'"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task OpenAsync_DeclaredTablesThatShareATopic_AreRefusedByName()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        Line.Table = "public.stock item";
        var one = ProjectionModelBuilder.Build(typeof(Line), "v1");
        Line.Table = "public.stock_item";
        var other = ProjectionModelBuilder.Build(typeof(Line), "v1");

        var fault = await Assert.ThrowsAsync<FaultException>(() => store.OpenAsync(source.Log, _time, [one, other]));

        Assert.Contains(
            "public.stock item, public.stock_item: Their topic is the same",
            fault.Message,
            StringComparison.Ordinal
        );
    }

    public sealed class Line : IProjection<Sku, StockDocument>
    {
        [ThreadStatic]
        private static string? _table;

        public static string Table
        {
            get => _table ?? "";
            set => _table = value;
        }

        public sealed record Row(string Sku);

        public static void Declare(ISources<Sku> from) => from.Table<Row>(Table).Key(row => new Sku(row.Sku));

        public static Projected<StockDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
            new(new StockDocument(key.Value, 0, null));
    }
}
