using Microsoft.Extensions.Time.Testing;
using Strangler.ChangeLog.Tables;
using Strangler.Projections.Declaring;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

public sealed class EverywhereTests(PostgresFixture postgres)
{
    private static readonly TableSchema Rates = new(
        "public",
        "rate",
        9,
        [new("name", "text", 25, false, 0), new("percent", "integer", 23, false, null)],
        "1",
        false
    );
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_ReferenceTableChanges_EveryKeyIsComputedAgain()
    {
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1), Stocks.Row("b", 2)]), (Rates, [Rate(1)]));
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [ProjectionModelBuilder.Build(typeof(Priced), "v1")]
        );
        await TestStore.CatchUpAsync(applier);
        var before = await store.DocumentsAsync("Priced");
        var end = await source.CommitAsync(SourceLog.Update(Rates, Rate(5).Key, Rate(5).Row));

        await TestStore.CatchUpAsync(applier);

        Assert.Equal(
            ["""{"sku":"a","quantity":1,"note":"1"}""", """{"sku":"b","quantity":2,"note":"1"}"""],
            before.OrderBy(one => one.Key).Select(one => one.Value)
        );
        Assert.Equal(
            ["""{"sku":"a","quantity":1,"note":"5"}""", """{"sku":"b","quantity":2,"note":"5"}"""],
            (await store.DocumentsAsync("Priced")).OrderBy(one => one.Key).Select(one => one.Value)
        );
        Assert.Equal(
            [end.Commit.ToString()],
            await store.QueryAsync<string>("select distinct touched_commit::text from projections.document")
        );
    }

    private static (string Key, string Row) Rate(int percent) =>
        ("""{"name":"vat"}""", $$"""{"name":"vat","percent":{{percent}}}""");
}

/// <summary>Reads a table whose rows belong to every key.</summary>
public sealed class Priced : IProjection<Sku, StockDocument>
{
    public sealed record Rate(string Name, int Percent);

    public static void Declare(ISources<Sku> from)
    {
        from.Table<Stocks.Stock>("public.stock").Key(stock => new Sku(stock.Sku));
        from.Table<Rate>("public.rate").Everywhere();
    }

    public static Projected<StockDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        new(
            new StockDocument(
                key.Value,
                rows.Single<Stocks.Stock>()!.Quantity,
                string.Join(",", rows.All<Rate>().Select(rate => rate.Percent))
            )
        );
}
