using System.Globalization;
using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// Third-party offers on a site, cheapest first. A suspended merchant, or one whose last report is too old, has nothing
/// available.
/// </summary>
internal static class OfferService
{
    private static readonly TimeSpan ADay = TimeSpan.FromDays(1);

    public sealed record Offer(long Id, string Merchant, int Quantity, string Price);

    private sealed record Row(long Id, string MerchantId, int Quantity, decimal Price, DateTime UpdatedAt);

    private sealed record OfferChange(int? Quantity, decimal? Price, bool? Live);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/offers/{sku}", OffersAsync);
        endpoints.MapPut("/offers/{id:long}", ChangeAsync);
    }

    private static async Task<IResult> OffersAsync(
        string sku,
        string site,
        NpgsqlDataSource database,
        Peers peers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        const string Read = """
            select id, merchant_id, quantity, price, updated_at from offer
            where sku = @sku and live and (site_code = @site or site_code is null) order by price, id
            """;
        var rows = await database.RowsAsync<Row>(Read, new { sku, site }, cancellationToken);
        var merchants = await peers.GetAsync<List<MerchantService.Merchant>>(
            "merchant",
            $"/merchants?ids={Sql.List(rows.Select(row => row.MerchantId).Distinct())}",
            cancellationToken
        );
        var now = time.Now();
        var offers =
            from row in rows
            join merchant in merchants on row.MerchantId equals merchant.Id
            let age = merchant.MaxAgeMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : ADay
            let believed = !merchant.Suspended && row.UpdatedAt + age > now
            select new Offer(
                row.Id,
                merchant.Name,
                believed ? row.Quantity : 0,
                row.Price.ToString("0.00", CultureInfo.InvariantCulture)
            );
        return Results.Json(offers, ShopJson.Options);
    }

    private static async Task<IResult> ChangeAsync(
        long id,
        JsonElement body,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var change = body.Deserialize<OfferChange>(ShopJson.Options);
        if (change is null || change.Quantity < 0 || change.Price < 0)
            return ErrorResults.Bad("neither quantity nor price is negative");
        var now = time.Now();
        var done = await database.WriteAsync(
            async write =>
            {
                var merchant = await write.OneAsync<string>(
                    """
                    update offer set
                        quantity = coalesce(@Quantity, quantity),
                        price = coalesce(@Price, price),
                        live = coalesce(@Live, live),
                        updated_at = @now
                    where id = @id
                    returning merchant_id
                    """,
                    new
                    {
                        id,
                        change.Quantity,
                        change.Price,
                        change.Live,
                        now,
                    }
                );
                return merchant is not null
                    && await write.DoAsync(
                        "update merchant set updated_at = @now where id = @merchant",
                        new { merchant, now }
                    ) == 1;
            },
            cancellationToken
        );
        return done ? Results.NoContent() : ErrorResults.Missing("unknown offer");
    }
}
