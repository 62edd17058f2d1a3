using System.Text.Json;
using Dapper;
using Microsoft.Extensions.Time.Testing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Legacy.Tests.Services;

public sealed class WriteTests(PostgresFixture postgres)
{
    private static readonly DateTimeOffset Start = new(2026, 3, 11, 21, 17, 40, TimeSpan.Zero);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Stock_Counted_IsToldToTheOldDepotInCases()
    {
        await using var shop = await LegacyShop.StartAsync(postgres, new FakeTimeProvider(Start), 10);
        await using var connection = await shop.Database.OpenConnectionAsync(Cancelled);
        await connection.ExecuteAsync(
            "update warehouse set depot_no = 103 where id = 3; "
                + "update old_item set case_pieces = 8 where code = 'SKU-000002'"
        );

        var answer = await shop.SendAsync(
            HttpMethod.Put,
            "/api/items/000002/stock",
            """{"warehouse":3,"onHand":20,"damaged":1}"""
        );

        Assert.Equal(204, answer.Status);
        Assert.Equal(
            "20 1",
            await connection.ExecuteScalarAsync<string>(
                "select on_hand || ' ' || damaged from warehouse_stock where sku = '000002' and warehouse_id = 3"
            )
        );
        Assert.Equal(
            2.5m,
            await connection.ExecuteScalarAsync<decimal>(
                "select sum(cases) from old_stock where item_code = 'SKU-000002' and depot_no = 103"
            )
        );
    }

    [Fact]
    public async Task Reservation_OfMoreThanThereIs_IsRefusedAndLeavesNothing()
    {
        await using var shop = await LegacyShop.StartAsync(postgres, new FakeTimeProvider(Start), 10);
        await shop.SendAsync(HttpMethod.Put, "/api/items/000002/stock", """{"warehouse":4,"onHand":5,"damaged":0}""");
        await using var connection = await shop.Database.OpenConnectionAsync(Cancelled);
        const string Held = "select count(*) from reservation where sku = '000002' and warehouse_id = 4";
        var before = await connection.ExecuteScalarAsync<long>(Held);

        var made = await shop.SendAsync(
            HttpMethod.Post,
            "/api/reservations",
            """{"sku":"000002","warehouse":4,"quantity":4,"minutes":10}"""
        );
        var refused = await shop.SendAsync(
            HttpMethod.Post,
            "/api/reservations",
            """{"sku":"000002","warehouse":4,"quantity":2,"minutes":10}"""
        );
        var between = await connection.ExecuteScalarAsync<long>(Held);
        using var reservation = JsonDocument.Parse(made.Body);
        var id = reservation.RootElement.GetProperty("id").GetGuid();
        var cancelled = await shop.SendAsync(HttpMethod.Delete, $"/api/reservations/{id}");
        var again = await shop.SendAsync(HttpMethod.Delete, $"/api/reservations/{id}");

        Assert.Equal((201, 409, 204, 404), (made.Status, refused.Status, cancelled.Status, again.Status));
        Assert.Equal(before + 1, between);
        Assert.Equal(before, await connection.ExecuteScalarAsync<long>(Held));
    }

    [Fact]
    public async Task Writes_ThatMakeNoSense_AreRefused()
    {
        await using var shop = await LegacyShop.StartAsync(postgres, new FakeTimeProvider(Start), 2);
        (string Method, string Path, string Json, int Status)[] writes =
        [
            ("PUT", "/api/items/000002/stock", """{"onHand":1}""", 400),
            ("PUT", "/api/items/000002/stock", """{"warehouse":"three"}""", 400),
            ("PUT", "/api/items/000002/stock", """{"warehouse":99,"onHand":1}""", 404),
            ("PUT", "/api/items/999999", """{"price":1}""", 404),
            ("PUT", "/api/items/000002", """{"status":"Z"}""", 400),
            ("PUT", "/api/items/000002", "{", 400),
            ("PUT", "/api/offers/1", """{"quantity":1}""", 404),
            ("PUT", "/api/caps/1", """{"max":1}""", 400),
            ("PUT", "/api/eligibility", """{"group":"G01","site":"xx","allowed":true}""", 404),
            ("POST", "/api/reservations", """{"sku":"000002"}""", 400),
        ];

        foreach (var (method, path, json, status) in writes)
            Assert.Equal((path, json, status), (path, json, (await shop.SendAsync(new(method), path, json)).Status));
    }
}
