using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The merchants on our sites, and how long their last report is believed.</summary>
internal static class MerchantService
{
    public sealed record Merchant(string Id, string Name, bool Suspended, int? MaxAgeMinutes);

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/merchants", FindAsync);

    private static async Task<IResult> FindAsync(
        string? ids,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var wanted = (ids ?? "").Split(',');
        return Results.Json(
            await database.RowsAsync<Merchant>(
                "select id, name, suspended, max_age_minutes from merchant where id = any(@wanted) order by id",
                new { wanted },
                cancellationToken
            ),
            ShopJson.Options
        );
    }
}
