using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Shop.Projections.Tables;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests.Projections;

/// <summary>
/// Queries the call graph over HTTP, and the projections over the rows of the same database, at the same time.
/// </summary>
public sealed class EqualityTests(PostgresFixture postgres)
{
    private static readonly string[] Areas = ["DE-N", "DE-S", "DE-W", "AT-E", "AT-W", "CH", "FR-N", "FR-S", "NL"];
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 21, 17, 40, 123, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public Task Respond_AfterRandomWrites_EqualsTheCallGraph() =>
        RunAsync(items: 100, rounds: 2, writes: 60, areasForEach: 1, seed: 20261);

    [Fact, Trait("Category", "Long")]
    public Task Respond_AfterManyRandomWrites_EqualsTheCallGraphInEveryArea() =>
        RunAsync(items: 300, rounds: 2, writes: 300, areasForEach: 9, seed: 20262);

    [Fact]
    public async Task Respond_ClockMovedOverWhatEnds_EqualsTheCallGraphBeforeAndAt()
    {
        const int items = 60;
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, items);
        var answers = await Answers.ReadAsync(shop.Database, Cancelled);
        var changed = 0;

        for (var step = 0; step < 25; step++)
        {
            var (next, sku) = answers
                .Availability.Keys.Select(sku =>
                    (At: answers.Availability.Compute(sku, time.GetUtcNow()).RecomputeAt, sku)
                )
                .Where(due => due.At is not null)
                .MinBy(due => due.At);
            var area = Areas.FirstOrDefault(area =>
                answers.One(sku.ToString(), area, next!.Value.AddTicks(-10))
                != answers.One(sku.ToString(), area, next.Value)
            );
            if (area is not null)
                changed++;
            foreach (var instant in new[] { next!.Value.AddTicks(-10), next.Value })
            {
                if (instant > time.GetUtcNow())
                    time.SetUtcNow(instant);
                Assert.Equal(
                    await shop.GetAsync($"/api/items/{sku}/availability?area={area ?? "CH"}"),
                    answers.One(sku.ToString(), area ?? "CH", instant)
                );
            }
        }

        Assert.InRange(changed, 5, 25);
    }

    [Fact]
    public async Task Respond_RequestsThatAreRefused_EqualTheCallGraphs()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, 20);
        var answers = await Answers.ReadAsync(shop.Database, Cancelled);
        var now = time.GetUtcNow();

        foreach (var sku in new[] { "000001", "000007", "999999" })
        {
            Assert.Equal(await shop.GetAsync($"/api/items/{sku}/availability"), answers.One(sku, null, now));
            Assert.Equal(await shop.GetAsync($"/api/items/{sku}/availability?area="), answers.One(sku, "", now));
            Assert.Equal(
                await shop.GetAsync($"/api/items/{sku}/availability?area=de%2dn%20%26%3cü"),
                answers.One(sku, "de-n &<ü", now)
            );
            Assert.Equal(await shop.GetAsync($"/api/items/{sku}"), answers.DetailsOf(sku, now));
        }
        string[] many = [.. Enumerable.Repeat("000001", 101)];
        (string Json, string[] Skus)[] bodies =
        [
            (
                """{"skus":["000001","000007","000002","999999","000002"],"area":"DE-S"}""",
                ["000001", "000007", "000002", "999999", "000002"]
            ),
            ("""{"skus":["000001","999999"],"area":"nowhere"}""", ["000001", "999999"]),
            ("""{"skus":["000001"]}""", ["000001"]),
            ("""{"skus":["000001"],"area":null}""", ["000001"]),
            ("""{"skus":["000001"],"area":""}""", ["000001"]),
            ("""{"skus":["000001"],"area":7}""", ["000001"]),
            ("""{"skus":[],"area":"CH"}""", []),
            ("""{"skus":null,"area":"CH"}""", []),
            ("""{"area":"CH"}""", []),
            ("""{"skus":"000001","area":"CH"}""", []),
            ("[]", []),
            ($$"""{"skus":["{{string.Join("\",\"", many)}}"],"area":"CH"}""", many),
        ];
        foreach (var (json, skus) in bodies)
            Assert.Equal(
                await shop.SendAsync(HttpMethod.Post, "/api/availability", json),
                answers.Many(json, skus, now)
            );
    }

    [Fact]
    public async Task Respond_PermissionForTheSiteAgainstOneForAll_EqualsTheCallGraph()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, 24);
        await using var command = shop.Database.CreateCommand(
            """
            delete from site_eligibility;
            delete from old_sell_permission;
            insert into old_sell_permission (group_code, site_no, allowed) values ('G08', 4, 'Y'), ('G08', null, 'N')
            """
        );
        await command.ExecuteNonQueryAsync(Cancelled);
        var answers = await Answers.ReadAsync(shop.Database, Cancelled);

        var (own, all) = (
            await shop.GetAsync("/api/items/000024/availability?area=FR-N"),
            await shop.GetAsync("/api/items/000024/availability?area=DE-N")
        );

        Assert.DoesNotContain("NOT_SOLD", own.Body, StringComparison.Ordinal);
        Assert.Contains("NOT_SOLD", all.Body, StringComparison.Ordinal);
        Assert.Equal(own, answers.One("000024", "FR-N", time.GetUtcNow()));
        Assert.Equal(all, answers.One("000024", "DE-N", time.GetUtcNow()));
    }

    [Fact]
    public async Task Respond_AnotherQuantityInOneRow_IsUnlikeTheCallGraph()
    {
        var time = new FakeTimeProvider(Start);
        await using var shop = await LegacyShop.StartAsync(postgres, time, 20);
        var answers = await Answers.ReadAsync(shop.Database, Cancelled);
        var wrong = answers with
        {
            Availability = answers.Availability.With<Offer>(offer =>
                offer.Id == 10 ? offer with { Quantity = offer.Quantity + 1 } : offer
            ),
        };

        var legacy = await shop.GetAsync("/api/items/000001/availability?area=DE-S");

        Assert.Equal(legacy, answers.One("000001", "DE-S", time.GetUtcNow()));
        Assert.NotEqual(legacy, wrong.One("000001", "DE-S", time.GetUtcNow()));
    }

    private async Task RunAsync(int items, int rounds, int writes, int areasForEach, int seed)
    {
        var (time, random) = (new FakeTimeProvider(Start), new Random(seed));
        await using var shop = await LegacyShop.StartAsync(postgres, time, items);
        var work = new RandomWork(shop, items, random);
        for (var round = 0; round < rounds; round++)
        {
            await work.DoAsync(writes, Cancelled);
            time.Advance(TimeSpan.FromMinutes(random.Next(1, 2000)) + TimeSpan.FromTicks(random.Next(10_000)));
            await AssertEqualAsync(
                shop,
                items,
                time.GetUtcNow(),
                [
                    .. Enumerable
                        .Range(0, items + 3)
                        .Select(_ => areasForEach == Areas.Length ? Areas : random.GetItems(Areas, areasForEach)),
                ]
            );
        }
    }

    /// <summary>Every SKU, including absent ones, in some areas; and the other routes.</summary>
    private static async Task AssertEqualAsync(
        LegacyShop shop,
        int items,
        DateTimeOffset now,
        IReadOnlyList<string[]> areas
    )
    {
        var answers = await Answers.ReadAsync(shop.Database, Cancelled);
        var statuses = new ConcurrentBag<int>();
        await Parallel.ForAsync(
            1,
            items + 3,
            new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = Cancelled },
            async (number, _) =>
            {
                var sku = LegacyShop.Sku(number);
                foreach (var area in areas[number])
                {
                    var legacy = await shop.GetAsync($"/api/items/{sku}/availability?area={area}");
                    Assert.Equal(legacy, answers.One(sku, area, now));
                    statuses.Add(legacy.Status);
                }
                if (number % 3 == 0)
                    Assert.Equal(await shop.GetAsync($"/api/items/{sku}"), answers.DetailsOf(sku, now));
            }
        );
        Assert.Contains(200, statuses);
        Assert.Contains(404, statuses);
    }
}
