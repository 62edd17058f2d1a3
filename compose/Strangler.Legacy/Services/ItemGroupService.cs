using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>Which groups an item belongs to. A group without an entry of its own doesn't count.</summary>
internal static class ItemGroupService
{
    public sealed record Group(string Code, string Name);

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/items/{sku}/groups", GroupsAsync);

    private static async Task<IResult> GroupsAsync(
        string sku,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        const string Read = """
            select g.code, g.name from item_group_member m join item_group g on g.code = m.group_code
            where m.sku = @sku order by g.code
            """;
        return Results.Json(await database.RowsAsync<Group>(Read, new { sku }, cancellationToken), ShopJson.Options);
    }
}
