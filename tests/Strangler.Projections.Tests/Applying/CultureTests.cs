using System.Globalization;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Strangler.Foundation.Cultures;
using Strangler.Projections.Declaring;
using Strangler.Testing;
using Xunit;

namespace Strangler.Projections.Tests.Applying;

/// <summary>
/// A culture that a team's code names has the same meaning in a projection as in the team's own tests.
/// </summary>
public sealed class CultureTests(PostgresFixture postgres)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 24, 8, 0, 0, TimeSpan.Zero));

    [Fact]
    public async Task StepAsync_ProjectionThatNamesCultures_WritesAsTheyDo()
    {
        Assert.SkipWhen(CultureData.Name == CultureData.Invariant, "ICU is not installed.");
        await using var store = await TestStore.CreateAsync(postgres);
        await using var source = new SourceLog(_time);
        await source.SnapshotAsync((Stocks.Schema, [Stocks.Row("a", 1234567)]));
        using var applier = await store.OpenAsync(
            source.Log,
            _time,
            [ProjectionModelBuilder.Build(typeof(Cultured), "v1")]
        );

        await TestStore.CatchUpAsync(applier);

        // German digits and names; the Turkish letters; Swedish sorts ä after z; composed characters are decomposed;
        // and no culture is the invariant one.
        Assert.Equal(
            ["1.234.567,50|24. November 2026|ı|a,ä,z|a,z,ä|2|1234567.5"],
            (await store.DocumentsAsync("Cultured")).Values.Select(json =>
                System.Text.Json.JsonDocument.Parse(json).RootElement.GetProperty("text").GetString()
            )
        );
    }

    public sealed class Cultured : IProjection<Sku, OrderDocument>
    {
        public static void Declare(ISources<Sku> from) =>
            from.Table<Stocks.Stock>("public.stock").Key(stock => new Sku(stock.Sku));

        public static Projected<OrderDocument> Project(Sku key, Rows rows, DateTimeOffset now)
        {
            var amount = rows.Single<Stocks.Stock>()!.Quantity + 0.5m;
            var german = CultureInfo.GetCultureInfo("de-DE");
            return new(
                new OrderDocument(
                    string.Join(
                        '|',
                        amount.ToString("N2", german),
                        now.ToString("d. MMMM yyyy", german),
                        "I".ToLower(CultureInfo.GetCultureInfo("tr-TR")),
                        Sorted("de-DE"),
                        Sorted("sv-SE"),
                        "ä".Normalize(NormalizationForm.FormD).Length,
                        $"{amount}"
                    )
                )
            );
        }

        private static string Sorted(string culture) =>
            string.Join(
                ',',
                new[] { "z", "ä", "a" }.Order(
                    StringComparer.Create(CultureInfo.GetCultureInfo(culture), CompareOptions.None)
                )
            );
    }
}
