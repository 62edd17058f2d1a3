using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>What the shop sells. Removed items are kept, but hidden.</summary>
internal static class ItemService
{
    public sealed record Item(
        string Sku,
        string Name,
        string Status,
        string Unit,
        decimal Price,
        double? WeightKg,
        DateOnly? ReleasedOn,
        DateTime CreatedAt,
        string? Description
    );

    public sealed record SettingBody(decimal? Value);

    public sealed record ItemChange(string? Name, string? Status, decimal? Price, DateOnly? ReleasedOn);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/items/{sku}", FindAsync);
        endpoints.MapPut("/items/{sku}", ChangeAsync);
        endpoints.MapPut("/settings/{name}", SetAsync);
    }

    private static async Task<IResult> FindAsync(
        string sku,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        const string Read = """
            select sku, name, status::text as status, unit,
                price + round(price * coalesce((select value from setting where name = 'surcharge'), 0) / 100, 2)
                    as price,
                weight_kg, released_on, created_at, description
            from item where sku = @sku and status <> 'D'
            """;
        return await database.RowsAsync<Item>(Read, new { sku }, cancellationToken) is [var item]
            ? Results.Json(item, ShopJson.Options)
            : ErrorResults.UnknownItem(sku);
    }

    private static async Task<IResult> ChangeAsync(
        string sku,
        JsonElement body,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var change = body.Deserialize<ItemChange>(ShopJson.Options);
        if (change is null || change.Price < 0 || change.Status is not (null or "A" or "P" or "D"))
            return ErrorResults.Bad("status is A, P or D, and a price is not negative");
        const string Change = """
            update item set
                name = coalesce(@Name, name),
                status = coalesce(@Status, status),
                price = coalesce(@Price, price),
                released_on = coalesce(@ReleasedOn, released_on)
            where sku = @sku
            """;
        var changed = await database.WriteAsync(
            async write =>
                await write.DoAsync(
                    Change,
                    new
                    {
                        sku,
                        change.Name,
                        change.Status,
                        change.Price,
                        change.ReleasedOn,
                    }
                ) == 1,
            cancellationToken
        );
        return changed ? Results.NoContent() : ErrorResults.UnknownItem(sku);
    }

    private static async Task<IResult> SetAsync(
        string name,
        JsonElement body,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        if (
            name != "surcharge"
            || body.Deserialize<SettingBody>(ShopJson.Options)?.Value is not (>= 0 and <= 100 and var value)
        )
            return ErrorResults.Bad("the only setting is surcharge, from 0 to 100");
        const string Set = """
            insert into setting values (@name, @value) on conflict (name) do update set value = excluded.value
            """;
        await database.WriteAsync(async write => await write.DoAsync(Set, new { name, value }) == 1, cancellationToken);
        return Results.NoContent();
    }
}
