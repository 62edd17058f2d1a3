using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// The stock of the warehouses that may send an item to an area. A warehouse that hasn't been counted yet, or has no
/// entry, has the old depots' stock.
/// </summary>
internal static class WarehouseInventoryService
{
    public sealed record Stock(int Warehouse, int Pieces, int LeadDays);

    private sealed record Row(int WarehouseId, int? OnHand, int? Damaged);

    private sealed record StockChange(int? Warehouse, int? OnHand, int? Damaged);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/inventory/{sku}", InventoryAsync);
        endpoints.MapPut("/inventory/{sku}", ChangeAsync);
    }

    private static async Task<IResult> InventoryAsync(
        string sku,
        string area,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.RowsAsync<Row>(
            "select warehouse_id, on_hand, damaged from warehouse_stock where sku = @sku",
            new { sku },
            cancellationToken
        );
        var old = (
            await peers.GetAsync<List<OldStockService.DepotStock>>(
                "old-stock",
                $"/old-stock/SKU-{sku}",
                cancellationToken
            )
        ).ToDictionary(depot => depot.DepotNo, depot => depot.Pieces);
        var warehouses = (
            await peers.GetAsync<List<WarehouseService.Warehouse>>(
                "warehouse",
                $"/warehouses?ids={Sql.List(rows.Select(row => row.WarehouseId))}&depots={Sql.List(old.Keys)}",
                cancellationToken
            )
        ).FindAll(warehouse => warehouse.Open);
        var ids = Sql.List(warehouses.Select(warehouse => warehouse.Id));
        var deliveries = peers.GetAsync<List<WarehouseAreaService.Delivery>>(
            "warehouse-area",
            $"/areas/{area}/deliveries?warehouses={ids}",
            cancellationToken
        );
        var serving = peers.GetAsync<List<int>>(
            "warehouse-site",
            $"/areas/{area}/site-warehouses?warehouses={ids}",
            cancellationToken
        );
        await Task.WhenAll(deliveries, serving);

        var counted = rows.ToDictionary(row => row.WarehouseId);
        var stock = new List<Stock>();
        foreach (var delivery in (await deliveries).Where(delivery => serving.Result.Contains(delivery.Warehouse)))
        {
            var depot = warehouses.Find(warehouse => warehouse.Id == delivery.Warehouse)?.DepotNo;
            var inDepot = depot is { } number && old.TryGetValue(number, out var pieces) ? pieces : 0;
            var here = counted.GetValueOrDefault(delivery.Warehouse) is { OnHand: { } onHand } row
                ? onHand - (row.Damaged ?? 0)
                : inDepot;
            stock.Add(new(delivery.Warehouse, here, delivery.LeadDays));
        }
        return Results.Json(stock, ShopJson.Options);
    }

    // A count also updates the old depot, in cases.
    private static async Task<IResult> ChangeAsync(
        string sku,
        JsonElement body,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (
            body.Deserialize<StockChange>(ShopJson.Options) is not { Warehouse: { } warehouse } change
            || change.OnHand < 0
            || change.Damaged < 0
        )
            return ErrorResults.Bad("warehouse is required, and no quantity is negative");
        const string Count = """
            insert into warehouse_stock values (@warehouse, @sku, @OnHand, @Damaged, @now)
            on conflict (warehouse_id, sku) do update set
                on_hand = excluded.on_hand, damaged = excluded.damaged, updated_at = excluded.updated_at
            """;
        const string Forget = """
            delete from old_stock
            where item_code = 'SKU-' || @sku and depot_no = (select depot_no from warehouse where id = @warehouse)
            """;
        const string Tell = """
            insert into old_stock (item_code, depot_no, cases)
            select 'SKU-' || @sku, w.depot_no,
                round(
                    @OnHand::numeric / coalesce((select case_pieces from old_item where code = 'SKU-' || @sku), 12),
                    2
                )
            from warehouse w
            where w.id = @warehouse and w.depot_no is not null
            """;
        var done = await database.WriteAsync(
            async write =>
            {
                if (
                    await write.OneAsync<int?>("select id from warehouse where id = @warehouse", new { warehouse })
                    is null
                )
                    return false;
                await write.DoAsync(
                    Count,
                    new
                    {
                        warehouse,
                        sku,
                        change.OnHand,
                        change.Damaged,
                        now = time.Now(),
                    }
                );
                if (change.OnHand is null)
                    return true;
                await write.DoAsync(Forget, new { warehouse, sku });
                await write.DoAsync(
                    Tell,
                    new
                    {
                        warehouse,
                        sku,
                        change.OnHand,
                    }
                );
                return true;
            },
            cancellationToken
        );
        return done ? Results.NoContent() : ErrorResults.Missing("unknown warehouse");
    }
}
