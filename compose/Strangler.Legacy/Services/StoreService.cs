using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>Stores in which customers of an area can collect their orders.</summary>
internal static class StoreService
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/stores", CollectingAsync);

    private static async Task<IResult> CollectingAsync(
        string area,
        string? ids,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        const string Read = """
            select id
            from store
            where area_code = @area and id = any(@ids) and click_collect is distinct from false
                and (closes_on is null or closes_on > @today)
            order by id
            """;
        return Results.Json(
            await database.RowsAsync<int>(
                Read,
                new
                {
                    area,
                    ids = Sql.Numbers(ids),
                    today = time.Today(),
                },
                cancellationToken
            ),
            ShopJson.Options
        );
    }
}
