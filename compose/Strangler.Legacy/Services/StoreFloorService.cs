using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The stock on the stores' shelves. One piece stays on display.</summary>
internal static class StoreFloorService
{
    public sealed record OnFloor(int Store, int Pieces);

    private sealed record Row(int StoreId, int Quantity);

    private sealed record FloorChange(int? Store, int? Floor, int? Packs);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/floor/{sku}", FloorAsync);
        endpoints.MapPut("/floor/{sku}", ChangeAsync);
    }

    private static async Task<IResult> FloorAsync(
        string sku,
        string area,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var rows = await database.RowsAsync<Row>(
            "select store_id, quantity from store_floor where sku = @sku order by store_id",
            new { sku },
            cancellationToken
        );
        var stores = await peers.GetAsync<HashSet<int>>(
            "store",
            $"/stores?area={area}&ids={Sql.List(rows.Select(row => row.StoreId))}",
            cancellationToken
        );
        return Results.Json(
            from row in rows
            where stores.Contains(row.StoreId)
            select new OnFloor(row.StoreId, Math.Max(0, row.Quantity - 1)),
            ShopJson.Options
        );
    }

    private static async Task<IResult> ChangeAsync(
        string sku,
        JsonElement body,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        if (
            body.Deserialize<FloorChange>(ShopJson.Options) is not { Store: { } store } change
            || change.Floor < 0
            || change.Packs < 0
        )
            return ErrorResults.Bad("store is required, and no quantity is negative");
        await database.WriteAsync(
            async write =>
            {
                if (change.Floor is { } floor)
                    await write.DoAsync(
                        "insert into store_floor values (@store, @sku, @floor) on conflict (store_id, sku) do "
                            + "update set quantity = excluded.quantity",
                        new
                        {
                            store,
                            sku,
                            floor,
                        }
                    );
                else
                    await write.DoAsync(
                        "delete from store_floor where store_id = @store and sku = @sku",
                        new { store, sku }
                    );
                await write.DoAsync(
                    "delete from store_backroom where store_id = @store and item_code = 'SKU-' || @sku",
                    new { store, sku }
                );
                await write.DoAsync(
                    "insert into store_backroom (store_id, item_code, packs) values (@store, 'SKU-' || @sku, @Packs)",
                    new
                    {
                        store,
                        sku,
                        change.Packs,
                    }
                );
                return true;
            },
            cancellationToken
        );
        return Results.NoContent();
    }
}
