using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// The stock of the old depots, which is stored in cases and reported in whole pieces. It also knows the case size of
/// an item.
/// </summary>
internal static class OldStockService
{
    public sealed record DepotStock(int DepotNo, int Pieces);

    public sealed record OldItem(string Code, int? CasePieces);

    private sealed record Row(int DepotNo, decimal Cases);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/old-stock/{code}", StockAsync);
        endpoints.MapGet(
            "/old-items/{code}",
            async (string code, NpgsqlDataSource database, CancellationToken cancellationToken) =>
                await OldItemAsync(code, database, cancellationToken) is { } item
                    ? Results.Json(item, ShopJson.Options)
                    : ErrorResults.Missing("unknown old code")
        );
    }

    private static async Task<IResult> StockAsync(
        string code,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var usual = await peers.GetAsync<UnitService.Unit>("unit", "/units/CASE", cancellationToken);
        var inCase = (await OldItemAsync(code, database, cancellationToken))?.CasePieces ?? usual.Pieces;
        var rows = await database.RowsAsync<Row>(
            "select depot_no, cases from old_stock where item_code = @code",
            new { code },
            cancellationToken
        );
        // Opened cases are in several places: they are added up before rounding down.
        return Results.Json(
            rows.GroupBy(row => row.DepotNo)
                .Select(depot => new DepotStock(depot.Key, (int)Math.Floor(depot.Sum(row => row.Cases) * inCase)))
                .OrderBy(depot => depot.DepotNo),
            ShopJson.Options
        );
    }

    private static async Task<OldItem?> OldItemAsync(
        string code,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    ) =>
        (
            await database.RowsAsync<OldItem>(
                "select code, case_pieces from old_item where code = @code",
                new { code },
                cancellationToken
            )
        ).FirstOrDefault();
}
