using System.Globalization;
using System.Text;
using CsCheck;
using Npgsql;
using Shop.Database;
using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;
using Strangler.Testing;
using Strangler.Testing.Oracle;
using Xunit;

namespace Strangler.Legacy.Tests.Projections;

/// <summary>f alone, over the rows of a seeded database.</summary>
public sealed class PurityTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 21, 17, 40, 123, TimeSpan.Zero);
    private static readonly Gen<DateTimeOffset> Moments = Gen.Long[-4 * TimeSpan.TicksPerDay, 25 * TimeSpan.TicksPerDay]
        .Select(ticks => Start.AddTicks(ticks));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Project_BetweenNowAndRecomputeAt_IsConstant()
    {
        var (ported, keys) = await ReadAsync(200);

        Gen.Select(Gen.Int[0, keys.Length - 1].Select(index => keys[index]), Moments, Gen.Double[0, 1])
            .Sample(
                (key, now, part) =>
                {
                    var first = ported.Compute(key, now);
                    var last = first.RecomputeAt ?? Start.AddDays(400);
                    var between = ported.Compute(key, now.AddTicks((long)((last - now).Ticks * part * 0.999999)));
                    Assert.True(last > now);
                    Assert.Equal(Text(first.Bytes), Text(between.Bytes));
                    Assert.Equal(first.RecomputeAt, between.RecomputeAt);
                },
                iter: 3000
            );
    }

    [Fact]
    public async Task Project_AtRecomputeAt_IsOftenAnother()
    {
        var (ported, keys) = await ReadAsync(200);

        var others = keys.Count(key =>
            ported.Compute(key, Start) is { RecomputeAt: { } due } first
            && Text(first.Bytes) != Text(ported.Compute(key, due).Bytes)
        );

        Assert.InRange(others, 20, keys.Length);
    }

    [Fact]
    public async Task Project_RowsShuffledAndInAnotherCulture_GivesTheSameBytes()
    {
        var (ported, keys) = await ReadAsync(200);
        var culture = CultureInfo.CurrentCulture;
        try
        {
            Gen.Select(Gen.Int[0, keys.Length - 1].Select(index => keys[index]), Moments, Gen.Int[0, int.MaxValue - 1])
                .Sample(
                    (key, now, seed) =>
                    {
                        CultureInfo.CurrentCulture = culture;
                        var expected = ported.Compute(key, now);
                        CultureInfo.CurrentCulture = Other();
                        var rows = ported.Gather(key);
                        foreach (var array in rows.Values)
                            Shuffle(array, new Random(seed));
                        var shuffled = Ported<ItemAvailability, Sku, AvailabilityDocument>.Compute(
                            key,
                            new Rows(rows),
                            now
                        );
                        Assert.Equal(Text(expected.Bytes), Text(shuffled.Bytes));
                        Assert.Equal(expected.RecomputeAt, shuffled.RecomputeAt);
                    },
                    iter: 1000,
                    threads: 1
                );
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Fact]
    public async Task Project_WithoutTheRowsOfATable_GivesAnotherDocumentForSomeKey()
    {
        var (ported, _) = await ReadAsync(200);

        Assert.All(
            [
                Differs<Item>(),
                Differs<ItemGroupMember>(),
                Differs<ItemGroup>(),
                Differs<OldItem>(),
                Differs<SiteEligibility>(),
                Differs<OldSellPermission>(),
                Differs<Warehouse>(),
                Differs<WarehouseStock>(),
                Differs<OldStock>(),
                Differs<WarehouseArea>(),
                Differs<WarehouseSite>(),
                Differs<Reservation>(),
                Differs<OldReservation>(),
                Differs<Store>(),
                Differs<StoreFloor>(),
                Differs<StoreBackroom>(),
                Differs<Merchant>(),
                Differs<Offer>(),
                Differs<SalesCap>(),
                Differs<BackOrder>(),
                Differs<Site>(),
                Differs<Area>(),
                Differs<UnitConversion>(),
                Differs<CalendarDay>(),
            ],
            found => Assert.True(found.Matters, $"No document depends on {found.Table}.")
        );

        (string Table, bool Matters) Differs<TRow>()
            where TRow : class
        {
            var without = ported.With<TRow>(_ => null);
            return (
                typeof(TRow).Name,
                ported.Keys.Any(key =>
                    Text(ported.Compute(key, Start).Bytes) != Text(without.Compute(key, Start).Bytes)
                )
            );
        }
    }

    /// <summary>The settings aside, which the demo changes because nobody declares them.</summary>
    [Fact]
    public async Task Tables_OfTheListTheFileTheCatalogueAndTheDeclarations_AreTheSame()
    {
        await using var database = await SeedAsync(5);
        var answers = await Answers.ReadAsync(database, Cancelled);
        await using var command = database.CreateCommand(
            "select array_agg('public.' || relname order by relname) from pg_class where relkind = 'r' and "
                + "relnamespace = 'public'::regnamespace and relname <> 'setting'"
        );

        var catalogue = (string[])(await command.ExecuteScalarAsync(Cancelled))!;

        Assert.Equal(catalogue, ShopDatabase.Tables);
        Assert.Equal(
            catalogue,
            await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "tables.txt"), Cancelled)
        );
        Assert.Equal(
            catalogue,
            answers.Availability.Tables.Concat(answers.Details.Tables).Distinct().Order(StringComparer.Ordinal)
        );
    }

    private async Task<(Ported<ItemAvailability, Sku, AvailabilityDocument> Ported, Sku[] Keys)> ReadAsync(int items)
    {
        await using var database = await SeedAsync(items);
        var ported = await Ported<ItemAvailability, Sku, AvailabilityDocument>.ReadAsync(database, Cancelled);
        return (ported, [.. ported.Keys]);
    }

    private async Task<NpgsqlDataSource> SeedAsync(int items)
    {
        var database = NpgsqlDataSource.Create(await postgres.CreateDatabaseAsync("pure"));
        await ShopDatabase.SeedAsync(database, items, Start, Cancelled);
        return database;
    }

    private static string? Text(byte[]? bytes) => bytes is null ? null : Encoding.UTF8.GetString(bytes);

    private static void Shuffle(Array array, Random random)
    {
        for (var index = array.Length - 1; index > 0; index--)
        {
            var other = random.Next(index + 1);
            var value = array.GetValue(index);
            array.SetValue(array.GetValue(other), index);
            array.SetValue(value, other);
        }
    }

    // The tests run without the machine's cultures, so one is made up.
    private static CultureInfo Other()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (
            culture.NumberFormat.NumberDecimalSeparator,
            culture.NumberFormat.NegativeSign,
            culture.NumberFormat.NumberGroupSeparator
        ) = (",", "~", ".");
        (culture.DateTimeFormat.DateSeparator, culture.DateTimeFormat.TimeSeparator) = (".", "h");
        return culture;
    }
}
