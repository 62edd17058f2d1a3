using Microsoft.Extensions.Time.Testing;
using Shop.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests.Projections;

public sealed class EqualityTests(PostgresFixture postgres)
{
    private const int Items = 300;
    private static readonly string[] Areas = ["DE-N", "DE-S", "DE-W", "AT-E", "AT-W", "CH", "FR-N", "FR-S", "NL"];
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 21, 17, 40, 123, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Respond_SeededShop_EqualsTheCallGraphForEverySku()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, Items);

        await AssertEqualAsync(shop, time.GetUtcNow(), new Random(1), areasForEach: 3);
    }

    /// <summary>Every SKU, an absent one included, in some areas; and what the other routes say.</summary>
    private static async Task AssertEqualAsync(LegacyShop shop, DateTimeOffset now, Random random, int areasForEach)
    {
        var answers = await Answers.ReadAsync(shop.Database, Cancelled);
        for (var number = 1; number <= Items + 2; number++)
        {
            var sku = LegacyShop.Sku(number);
            foreach (var area in random.GetItems(Areas, areasForEach)) Assert.Equal(await shop.GetAsync($"/api/items/{sku}/availability?area={area}"), answers.One(sku, area, now));
        }
    }
}
