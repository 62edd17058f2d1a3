using System.Collections.Concurrent;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// Combines what all the others know about an item and an area. Caches it for a while if the cache is switched on.
/// </summary>
internal static class GlobalAvailabilityService
{
    private const int MaxKept = 100_000;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        var kept =
            new ConcurrentDictionary<(string, string), (AvailabilityResponse Availability, DateTimeOffset Until)>();
        endpoints.MapGet(
            "/availability/{sku}",
            async (
                string sku,
                string area,
                Peers peers,
                Switches switches,
                TimeProvider time,
                CancellationToken cancellationToken
            ) =>
            {
                if (
                    switches.CacheLifetime > TimeSpan.Zero
                    && kept.TryGetValue((sku, area), out var found)
                    && found.Until > time.GetUtcNow()
                )
                    return Results.Json(found.Availability, ShopJson.Options);
                var until = time.GetUtcNow() + switches.CacheLifetime;
                var item = await peers.FindAsync<ItemService.Item>(
                    "item",
                    $"/items/{Uri.EscapeDataString(sku)}",
                    cancellationToken
                );
                if (item is null)
                    return ErrorResults.UnknownItem(sku);
                var customer = await peers.FindAsync<AreaService.AreaOnSite>(
                    "area",
                    $"/areas/{Uri.EscapeDataString(area)}",
                    cancellationToken
                );
                if (customer is null)
                    return ErrorResults.UnknownArea(area);
                var availability = await AskAllAsync(item, customer, peers, time.Today(), cancellationToken);
                if (switches.CacheLifetime > TimeSpan.Zero)
                {
                    if (kept.Count >= MaxKept)
                        kept.Clear();
                    kept[(sku, area)] = (availability, until);
                }
                return Results.Json(availability, ShopJson.Options);
            }
        );
    }

    private static async Task<AvailabilityResponse> AskAllAsync(
        ItemService.Item item,
        AreaService.AreaOnSite customer,
        Peers peers,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var (sku, area, site) = (item.Sku, customer.Code, customer.Site);
        var eligibility = peers.GetAsync<SiteEligibilityService.Eligibility>(
            "site-eligibility",
            $"/eligibility/{sku}?area={area}",
            cancellationToken
        );
        var stock = peers.GetAsync<List<WarehouseInventoryService.Stock>>(
            "warehouse-inventory",
            $"/inventory/{sku}?area={area}",
            cancellationToken
        );
        var held = peers.GetAsync<List<ReservationService.Held>>(
            "reservation",
            $"/reservations/{sku}",
            cancellationToken
        );
        var floor = peers.GetAsync<List<StoreFloorService.OnFloor>>(
            "store-floor",
            $"/floor/{sku}?area={area}",
            cancellationToken
        );
        var backroom = peers.GetAsync<List<StoreBackroomService.InBackroom>>(
            "store-backroom",
            $"/backroom/SKU-{sku}?area={area}",
            cancellationToken
        );
        var offers = peers.GetAsync<List<OfferService.Offer>>("offer", $"/offers/{sku}?site={site}", cancellationToken);
        var caps = peers.GetAsync<List<SalesCapService.Cap>>(
            "sales-cap",
            $"/caps/{sku}?area={area}",
            cancellationToken
        );
        var backOrders = peers.GetAsync<List<BackOrderService.BackOrder>>(
            "back-order",
            $"/back-orders/{sku}?site={site}",
            cancellationToken
        );
        await Task.WhenAll(eligibility, stock, held, floor, backroom, offers, caps, backOrders);

        var warehouses = (await stock).ConvertAll(w => new WarehouseAvailability(
            w.Warehouse,
            Math.Max(
                0,
                w.Pieces - held.Result.Where(h => h.Warehouse is null || h.Warehouse == w.Warehouse).Sum(h => h.Pieces)
            ),
            w.LeadDays
        ));
        warehouses.RemoveAll(line => line.Quantity == 0);
        warehouses.Sort((a, b) => (a.LeadDays, a.Id).CompareTo((b.LeadDays, b.Id)));

        var stores = new SortedDictionary<int, StoreAvailability>();
        foreach (var (store, pieces) in await floor)
            stores[store] = new(store, pieces, 0);
        foreach (var (store, pieces) in await backroom)
            stores[store] = stores.GetValueOrDefault(store, new(store, 0, 0)) with { Backroom = pieces };

        var sold =
            customer.Selling
            && (await eligibility).Eligible
            && !(item.Status == "P" && (item.ReleasedOn is null || item.ReleasedOn > today));
        return AvailabilityResponse.Of(
            sku,
            area,
            site,
            item.Unit,
            sold,
            warehouses,
            [.. stores.Values],
            await offers,
            (await caps).FirstOrDefault(),
            (await backOrders).FirstOrDefault()
        );
    }
}
