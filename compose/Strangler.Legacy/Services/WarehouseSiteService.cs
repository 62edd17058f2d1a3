using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>Which warehouses serve an area's site.</summary>
internal static class WarehouseSiteService
{
    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/areas/{area}/site-warehouses", ServingAsync);

    private static async Task<IResult> ServingAsync(
        string area,
        string? warehouses,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var customer = await peers.GetAsync<AreaService.AreaOnSite>("area", $"/areas/{area}", cancellationToken);
        const string Read = """
            select distinct warehouse_id from warehouse_site
            where warehouse_id = any(@ids) and coalesce(site_code, @Site) = @Site
            """;
        return Results.Json(
            await database.RowsAsync<int>(
                Read,
                new { ids = Sql.Numbers(warehouses), customer.Site },
                cancellationToken
            ),
            ShopJson.Options
        );
    }
}
