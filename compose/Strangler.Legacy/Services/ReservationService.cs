using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>What is reserved for customers, including the old reservations.</summary>
internal static class ReservationService
{
    /// <param name="Warehouse">Null: in every warehouse.</param>
    public sealed record Held(int? Warehouse, int Pieces);

    private sealed record NewReservation(string? Sku, int? Warehouse, int? Quantity, int? Minutes);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/reservations/{sku}", HeldAsync);
        endpoints.MapPost("/reservations", ReserveAsync);
        endpoints.MapDelete("/reservations/{id:guid}", CancelAsync);
    }

    private static async Task<IResult> HeldAsync(
        string sku,
        NpgsqlDataSource database,
        Peers peers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var held = await database.RowsAsync<Held>(
            """
            select warehouse_id as warehouse, sum(quantity)::int as pieces from reservation
            where sku = @sku and state = 'active' and ends_at > @now group by warehouse_id
            """,
            new { sku, now = time.Now() },
            cancellationToken
        );
        var old = await peers.GetAsync<List<OldReservationService.Held>>(
            "old-reservation",
            $"/old-reservations/SKU-{sku}",
            cancellationToken
        );
        var warehouses = await peers.GetAsync<List<WarehouseService.Warehouse>>(
            "warehouse",
            $"/warehouses?depots={Sql.List(old.Where(o => o.DepotNo is not null).Select(o => o.DepotNo))}",
            cancellationToken
        );
        foreach (var (depot, pieces) in old)
        {
            if (depot is null)
                held.Add(new(null, pieces));
            else if (warehouses.Find(warehouse => warehouse.DepotNo == depot) is { } warehouse)
                held.Add(new(warehouse.Id, pieces));
        }
        return Results.Json(held, ShopJson.Options);
    }

    private static async Task<IResult> ReserveAsync(
        JsonElement body,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (
            body.Deserialize<NewReservation>(ShopJson.Options)
            is not {
                Sku: { } sku,
                Warehouse: { } warehouse,
                Quantity: > 0 and { } quantity,
                Minutes: > 0 and <= 100_000 and { } minutes
            }
        )
            return ErrorResults.Bad("sku, warehouse, quantity and minutes are required");
        const string Insert = "insert into reservation values (@id, @sku, @warehouse, @quantity, 'active', @ends)";
        const string Free = """
            select coalesce(on_hand, 0) - coalesce(damaged, 0) - (
                select coalesce(sum(quantity), 0)::int
                from reservation r
                where r.sku = s.sku and r.warehouse_id = s.warehouse_id and r.state = 'active' and r.ends_at > @now
            )
            from warehouse_stock s
            where sku = @sku and warehouse_id = @warehouse
            """;
        var (id, now) = (Guid.NewGuid(), time.Now());
        // Inserts first and checks afterwards, under the row's lock: one that is too late removes the reservation
        // again.
        var stays = await database.WriteAsync(
            async write =>
            {
                await write.OneAsync<int>(
                    "select 1 from warehouse_stock where sku = @sku and warehouse_id = @warehouse for update",
                    new { sku, warehouse }
                );
                await write.DoAsync(
                    Insert,
                    new
                    {
                        id,
                        sku,
                        warehouse,
                        quantity,
                        ends = now.AddMinutes(minutes),
                    }
                );
                return await write.OneAsync<int?>(
                        Free,
                        new
                        {
                            sku,
                            warehouse,
                            now,
                        }
                    ) >= 0;
            },
            cancellationToken
        );
        return stays
            ? Results.Json(
                new
                {
                    id,
                    sku,
                    warehouse,
                    quantity,
                },
                ShopJson.Options,
                statusCode: 201
            )
            : ErrorResults.Conflict("not enough in this warehouse");
    }

    private static async Task<IResult> CancelAsync(
        Guid id,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    ) =>
        await database.WriteAsync(
            async write => await write.DoAsync("delete from reservation where id = @id", new { id }) == 1,
            cancellationToken
        )
            ? Results.NoContent()
            : ErrorResults.Missing("unknown reservation");
}
