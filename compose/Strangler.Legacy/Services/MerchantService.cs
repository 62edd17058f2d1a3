using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>Who sells on our sites, and for how long we believe what they last told us.</summary>
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
