using System.Globalization;
using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// How many pieces of an item may currently be sold in an area: the lowest cap for the item and its groups.
/// </summary>
internal static class SalesCapService
{
    public sealed record Cap(int Max, string? Until);

    private sealed record Row(int MaxQuantity, DateTime? ToAt);

    private sealed record CapChange(
        string? Sku,
        string? Group,
        string? Area,
        int? Max,
        DateTimeOffset? From,
        DateTimeOffset? To
    );

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/caps/{sku}", CapAsync);
        endpoints.MapPut("/caps/{id:long}", ChangeAsync);
    }

    private static async Task<IResult> CapAsync(
        string sku,
        string area,
        NpgsqlDataSource database,
        Peers peers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var groups = await peers.GetAsync<List<ItemGroupService.Group>>(
            "item-group",
            $"/items/{sku}/groups",
            cancellationToken
        );
        const string Least = """
            select max_quantity, to_at
            from sales_cap
            where (sku = @sku or group_code = any(@codes)) and coalesce(area_code, @area) = @area
                and from_at <= @now and (to_at > @now or to_at is null)
            order by max_quantity, id
            limit 1
            """;
        var caps = await database.RowsAsync<Row>(
            Least,
            new
            {
                sku,
                codes = groups.ConvertAll(group => group.Code),
                area,
                now = time.Now(),
            },
            cancellationToken
        );
        return Results.Json(
            caps.ConvertAll(row => new Cap(
                row.MaxQuantity,
                row.ToAt?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            )),
            ShopJson.Options
        );
    }

    private static async Task<IResult> ChangeAsync(
        long id,
        JsonElement body,
        NpgsqlDataSource database,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (
            body.Deserialize<CapChange>(ShopJson.Options) is not { Max: >= 0 and { } max } change
            || (change.Sku is null) == (change.Group is null)
        )
            return ErrorResults.Bad("max is required, and either sku or group");
        const string Put = """
            insert into sales_cap (id, sku, group_code, area_code, max_quantity, from_at, to_at)
            values (@id, @Sku, @Group, @Area, @max, @from, @to)
            on conflict (id) do update set
                sku = excluded.sku, group_code = excluded.group_code, area_code = excluded.area_code,
                max_quantity = excluded.max_quantity, from_at = excluded.from_at, to_at = excluded.to_at
            """;
        var values = new
        {
            id,
            change.Sku,
            change.Group,
            change.Area,
            max,
            from = change.From?.UtcDateTime ?? time.Now(),
            to = change.To?.UtcDateTime,
        };
        await database.WriteAsync(async write => await write.DoAsync(Put, values) == 1, cancellationToken);
        return Results.NoContent();
    }
}
