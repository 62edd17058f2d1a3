using Shop.Hosting;
using Shop.Services;

namespace Shop;

/// <summary>All services; the first is the one that customers call.</summary>
internal static class Catalog
{
    public static IReadOnlyList<Service> Services { get; } =
    [
        new("item-availability", ItemAvailabilityService.Map),
        new("global-availability", GlobalAvailabilityService.Map),
        new("item", ItemService.Map),
        new("item-group", ItemGroupService.Map),
        new("area", AreaService.Map),
        new("site", SiteService.Map),
        new("calendar", CalendarService.Map),
        new("unit", UnitService.Map),
        new("site-eligibility", SiteEligibilityService.Map),
        new("warehouse", WarehouseService.Map),
        new("warehouse-inventory", WarehouseInventoryService.Map),
        new("warehouse-area", WarehouseAreaService.Map),
        new("warehouse-site", WarehouseSiteService.Map),
        new("old-stock", OldStockService.Map),
        new("reservation", ReservationService.Map),
        new("old-reservation", OldReservationService.Map),
        new("store", StoreService.Map),
        new("store-floor", StoreFloorService.Map),
        new("store-backroom", StoreBackroomService.Map),
        new("offer", OfferService.Map),
        new("merchant", MerchantService.Map),
        new("sales-cap", SalesCapService.Map),
        new("back-order", BackOrderService.Map),
    ];

    public static IReadOnlyList<string> Names => [.. Services.Select(service => service.Name)];

    public static Service? Find(string name) => Services.FirstOrDefault(service => service.Name == name);
}
