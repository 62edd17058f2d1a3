using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// Which warehouses deliver to an area, and in how many days. Without an entry a warehouse delivers within its own
/// region, in four days.
/// </summary>
internal static class WarehouseAreaService
{
    private const int UsualDays = 4;

    public sealed record Delivery(int Warehouse, int LeadDays);

    private sealed record Row(int WarehouseId, bool Allowed, short LeadDays);

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet("/areas/{area}/deliveries", DeliveriesAsync);

    private static async Task<IResult> DeliveriesAsync(
        string area,
        string? warehouses,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var customer = await peers.GetAsync<AreaService.AreaOnSite>("area", $"/areas/{area}", cancellationToken);
        var all = await peers.GetAsync<List<WarehouseService.Warehouse>>(
            "warehouse",
            $"/warehouses?ids={warehouses}",
            cancellationToken
        );
        var entries = (
            await database.RowsAsync<Row>(
                "select warehouse_id, coalesce(allowed, true) as allowed, lead_days from warehouse_area where "
                    + "area_code = @area and warehouse_id = any(@ids)",
                new { area, ids = Sql.Numbers(warehouses) },
                cancellationToken
            )
        ).ToDictionary(row => row.WarehouseId);
        var deliveries = new List<Delivery>();
        foreach (var warehouse in all)
        {
            if (entries.TryGetValue(warehouse.Id, out var entry))
            {
                if (entry.Allowed)
                    deliveries.Add(new(warehouse.Id, entry.LeadDays));
            }
            else if (warehouse.Region == customer.Region)
            {
                deliveries.Add(new(warehouse.Id, UsualDays));
            }
        }
        return Results.Json(deliveries, ShopJson.Options);
    }
}
