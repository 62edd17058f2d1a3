using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>How many pieces are in a unit.</summary>
internal static class UnitService
{
    public sealed record Unit(string Name, decimal Pieces);

    public static void Map(IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet(
            "/units/{name}",
            async (string name, NpgsqlDataSource database, CancellationToken cancellationToken) =>
            {
                var found = await database.RowsAsync<Unit>(
                    "select unit as name, pieces from unit_conversion where unit = @name",
                    new { name },
                    cancellationToken
                );
                // A unit without an entry is one piece.
                return Results.Json(found.FirstOrDefault() ?? new Unit(name, 1), ShopJson.Options);
            }
        );
}
