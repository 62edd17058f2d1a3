using System.Globalization;
using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>A supplier's next pending delivery, on the first day on which the site delivers.</summary>
internal static class BackOrderService
{
    public sealed record BackOrder(string ExpectedOn, int Quantity);

    private sealed record Row(DateOnly ExpectedOn, int Quantity);

    private sealed record BackOrderChange(string? Sku, DateOnly? ExpectedOn, int? Quantity, string? State);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/back-orders/{sku}", NextAsync);
        endpoints.MapPut("/back-orders/{id:long}", ChangeAsync);
    }

    private static async Task<IResult> NextAsync(
        string sku,
        string site,
        NpgsqlDataSource database,
        Peers peers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var today = time.Today();
        var closed = await peers.GetAsync<HashSet<DateOnly>>(
            "calendar",
            $"/calendar/{site}/closed?from={today:yyyy-MM-dd}",
            cancellationToken
        );
        var rows = await database.RowsAsync<Row>(
            "select expected_on, quantity from back_order where sku = @sku and state = 'O' and expected_on >= "
                + "@today order by expected_on, id limit 1",
            new { sku, today },
            cancellationToken
        );
        return Results.Json(
            rows.ConvertAll(row =>
            {
                var day = row.ExpectedOn;
                while (day.DayOfWeek == DayOfWeek.Sunday || closed.Contains(day))
                    day = day.AddDays(1);
                return new BackOrder(day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), row.Quantity);
            }),
            ShopJson.Options
        );
    }

    private static async Task<IResult> ChangeAsync(
        long id,
        JsonElement body,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        if (
            body.Deserialize<BackOrderChange>(ShopJson.Options)
            is not { Sku: not null, ExpectedOn: not null, Quantity: > 0, State: "O" or "X" or "R" } change
        )
            return ErrorResults.Bad("sku, expectedOn, quantity and state (O, X or R) are required");
        const string Put = """
            insert into back_order (id, sku, state, expected_on, quantity)
            values (@id, @Sku, @State, @ExpectedOn, @Quantity)
            on conflict (id) do update set
                sku = excluded.sku, state = excluded.state,
                expected_on = excluded.expected_on, quantity = excluded.quantity
            """;
        await database.WriteAsync(
            async write =>
                await write.DoAsync(
                    Put,
                    new
                    {
                        id,
                        change.Sku,
                        change.State,
                        change.ExpectedOn,
                        change.Quantity,
                    }
                ) == 1,
            cancellationToken
        );
        return Results.NoContent();
    }
}
