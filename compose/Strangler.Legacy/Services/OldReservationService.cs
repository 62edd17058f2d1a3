using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// Telephone reservations from before the new system. Without a depot they apply to every depot; without a day,
/// forever.
/// </summary>
internal static class OldReservationService
{
    public sealed record Held(int? DepotNo, int Pieces);

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(
            "/old-reservations/{code}",
            async (string code, NpgsqlDataSource database, TimeProvider time, CancellationToken cancellationToken) =>
                Results.Json(
                    await database.RowsAsync<Held>(
                        """
                        select depot_no, sum(pieces)::int as pieces from old_reservation
                        where item_code = @code and (until_on is null or until_on >= @today) group by depot_no
                        """,
                        new { code, today = time.Today() },
                        cancellationToken
                    ),
                    ShopJson.Options
                )
        );
}
