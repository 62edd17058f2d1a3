using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The directory of warehouses, by their number or by the old systems' depot number.</summary>
internal static class WarehouseService
{
    public sealed record Warehouse(int Id, int? DepotNo, string? Region, bool Open);

    private sealed record Row(int Id, int? DepotNo, string AreaCode, string State, DateOnly? ReopensOn);

    private sealed record WarehouseChange(string? State, DateOnly? ReopensOn);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/warehouses", FindAsync);
        endpoints.MapPut("/warehouses/{id:int}", ChangeAsync);
    }

    private static async Task<IResult> FindAsync(
        string? ids,
        string? depots,
        NpgsqlDataSource database,
        Peers peers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var regions = (await peers.GetAsync<List<AreaService.Area>>("area", "/areas", cancellationToken)).ToDictionary(
            area => area.Code,
            area => area.Region
        );
        var rows = await database.RowsAsync<Row>(
            "select id, depot_no, area_code, state::text as state, reopens_on from warehouse where id = any(@ids) "
                + "or depot_no = any(@depots) order by id",
            new { ids = Sql.Numbers(ids), depots = Sql.Numbers(depots) },
            cancellationToken
        );
        var today = time.Today();
        return Results.Json(
            rows.ConvertAll(row => new Warehouse(
                row.Id,
                row.DepotNo,
                regions.GetValueOrDefault(row.AreaCode),
                row.State == "open" || row.State == "moving" && row.ReopensOn <= today
            )),
            ShopJson.Options
        );
    }

    private static async Task<IResult> ChangeAsync(
        int id,
        JsonElement body,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var change = body.Deserialize<WarehouseChange>(ShopJson.Options);
        if (change?.State is not ("open" or "moving" or "closed"))
            return ErrorResults.Bad("state is open, moving or closed");
        var done = await database.WriteAsync(
            async write =>
                await write.DoAsync(
                    "update warehouse set state = @State::warehouse_state, reopens_on = @ReopensOn where id = @id",
                    new
                    {
                        id,
                        change.State,
                        change.ReopensOn,
                    }
                ) == 1,
            cancellationToken
        );
        return done ? Results.NoContent() : ErrorResults.Missing("unknown warehouse");
    }
}
