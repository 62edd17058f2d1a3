using System.Globalization;
using System.Text.Json;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The front of the shop: what the web site reads, and what other departments write.</summary>
internal static class ItemAvailabilityService
{
    private const int MaxSkus = 100;

    private sealed record AvailabilityQuery(IReadOnlyList<string>? Skus, string? Area);

    private sealed record AvailabilityAnswer(string Area, IReadOnlyList<JsonElement> Items);

    private sealed record Details(
        string Sku,
        string Name,
        string Status,
        string Unit,
        string Price,
        double? WeightKg,
        string? ReleasedOn,
        string CreatedAt,
        IReadOnlyList<ItemGroupService.Group> Groups,
        string? OldCode,
        int? CasePieces,
        string? Description
    );

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var api = endpoints.MapGroup("/api");
        api.MapGet("/items/{sku}/availability", OneAsync);
        api.MapPost("/availability", ManyAsync);
        api.MapGet("/items/{sku}", DetailsAsync);
        Pass(api, "PUT", "/items/{sku}", "item", "/items/{0}");
        Pass(api, "PUT", "/items/{sku}/stock", "warehouse-inventory", "/inventory/{0}");
        Pass(api, "PUT", "/items/{sku}/stores", "store-floor", "/floor/{0}");
        Pass(api, "POST", "/reservations", "reservation", "/reservations");
        Pass(api, "DELETE", "/reservations/{id}", "reservation", "/reservations/{0}");
        Pass(api, "PUT", "/offers/{id}", "offer", "/offers/{0}");
        Pass(api, "PUT", "/caps/{id}", "sales-cap", "/caps/{0}");
        Pass(api, "PUT", "/eligibility", "site-eligibility", "/eligibility");
        Pass(api, "PUT", "/back-orders/{id}", "back-order", "/back-orders/{0}");
        Pass(api, "PUT", "/settings/{name}", "item", "/settings/{0}");
        Pass(api, "PUT", "/warehouses/{id}", "warehouse", "/warehouses/{0}");
    }

    private static async Task<IResult> OneAsync(
        string sku,
        string? area,
        Peers peers,
        CancellationToken cancellationToken
    ) =>
        string.IsNullOrEmpty(area) ? ErrorResults.Bad("area is required")
        : !LooksLikeSku(sku) ? ErrorResults.UnknownItem(sku)
        : await peers.PassAsync("global-availability", HttpMethod.Get, PathOf(sku, area), null, cancellationToken);

    private static async Task<IResult> ManyAsync(HttpRequest request, Peers peers, CancellationToken cancellationToken)
    {
        AvailabilityQuery? query;
        try
        {
            query = await JsonSerializer.DeserializeAsync<AvailabilityQuery>(
                request.Body,
                ShopJson.Options,
                cancellationToken
            );
        }
        catch (JsonException)
        {
            return ErrorResults.Bad("the body is not what was expected");
        }
        if (query?.Skus is not { Count: > 0 and <= MaxSkus } skus || skus.Any(string.IsNullOrEmpty))
            return ErrorResults.Bad("1 to 100 skus are required");
        if (string.IsNullOrEmpty(query.Area))
            return ErrorResults.Bad("area is required");
        var items = new JsonElement[skus.Count];
        await Parallel.ForAsync(
            0,
            skus.Count,
            new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = cancellationToken },
            async (index, token) => items[index] = await AskAsync(skus[index], query.Area, peers, token)
        );
        return Results.Json(new AvailabilityAnswer(query.Area, items), ShopJson.Options);
    }

    private static async Task<JsonElement> AskAsync(
        string sku,
        string area,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        if (!LooksLikeSku(sku))
            return JsonSerializer.SerializeToElement(new UnknownItemError(sku, "unknown item"), ShopJson.Options);
        // An unknown item or area is reported at its place in the list.
        var (status, answer) = await peers.AskAsync("global-availability", PathOf(sku, area), cancellationToken);
        return status is 200 or 400 or 404
            ? answer
            : throw new PeerException(
                "global-availability",
                string.Create(CultureInfo.InvariantCulture, $"answered {status}")
            );
    }

    private static async Task<IResult> DetailsAsync(string sku, Peers peers, CancellationToken cancellationToken)
    {
        if (!LooksLikeSku(sku))
            return ErrorResults.UnknownItem(sku);
        var path = Uri.EscapeDataString(sku);
        if (await peers.FindAsync<ItemService.Item>("item", $"/items/{path}", cancellationToken) is not { } item)
            return ErrorResults.UnknownItem(sku);
        var groups = await peers.GetAsync<List<ItemGroupService.Group>>(
            "item-group",
            $"/items/{path}/groups",
            cancellationToken
        );
        var old = await peers.FindAsync<OldStockService.OldItem>(
            "old-stock",
            $"/old-items/SKU-{path}",
            cancellationToken
        );
        return Results.Json(
            new Details(
                item.Sku,
                item.Name,
                item.Status,
                item.Unit,
                item.Price.ToString("0.00", CultureInfo.InvariantCulture),
                item.WeightKg,
                item.ReleasedOn?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
                item.CreatedAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                groups,
                old?.Code,
                old?.CasePieces,
                item.Description
            ),
            ShopJson.Options
        );
    }

    private static bool LooksLikeSku(string sku) =>
        sku.All(character => char.IsAsciiLetterOrDigit(character) || character == '-');

    private static string PathOf(string sku, string area) =>
        $"/availability/{Uri.EscapeDataString(sku)}?area={Uri.EscapeDataString(area)}";

    /// <summary>Forwards a write to the service that it concerns.</summary>
    private static void Pass(RouteGroupBuilder api, string method, string route, string service, string path) =>
        api.MapMethods(
            route,
            [method],
            async (HttpRequest request, Peers peers, CancellationToken cancellationToken) =>
            {
                var id = request.RouteValues.Values.FirstOrDefault() as string ?? "";
                JsonElement? body = null;
                if (method != "DELETE")
                {
                    try
                    {
                        body = await JsonSerializer.DeserializeAsync<JsonElement>(
                            request.Body,
                            ShopJson.Options,
                            cancellationToken
                        );
                    }
                    catch (JsonException)
                    {
                        return ErrorResults.Bad("the body is not JSON");
                    }
                }
                return await peers.PassAsync(
                    service,
                    new HttpMethod(method),
                    string.Format(CultureInfo.InvariantCulture, path, Uri.EscapeDataString(id)),
                    body,
                    cancellationToken
                );
            }
        );
}
