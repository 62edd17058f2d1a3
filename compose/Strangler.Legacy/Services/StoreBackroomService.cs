using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The stock in the stores' backrooms, counted in packs.</summary>
internal static class StoreBackroomService
{
    public sealed record InBackroom(int Store, int Pieces);

    private sealed record Row(int StoreId, int? Packs);

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/backroom/{code}", BackroomAsync);

    private static async Task<IResult> BackroomAsync(
        string code,
        string area,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var pack = await peers.GetAsync<UnitService.Unit>("unit", "/units/PACK", cancellationToken);
        var packs = new SortedDictionary<int, int>();
        foreach (
            var row in await database.RowsAsync<Row>(
                "select store_id, packs from store_backroom where item_code = @code",
                new { code },
                cancellationToken
            )
        )
            packs[row.StoreId] = packs.GetValueOrDefault(row.StoreId) + (row.Packs ?? 0);
        var collecting = await peers.GetAsync<List<int>>(
            "store",
            $"/stores?area={area}&ids={Sql.List(packs.Keys)}",
            cancellationToken
        );
        return Results.Json(
            collecting.Select(store => new InBackroom(store, (int)(packs[store] * pack.Pieces))),
            ShopJson.Options
        );
    }
}
