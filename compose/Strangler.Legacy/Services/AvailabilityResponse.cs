namespace Shop.Services;

/// <summary>What customers of an area can get of an item, as the web site reads it.</summary>
internal sealed record AvailabilityResponse(
    string Sku,
    string Area,
    string Site,
    string Status,
    int Quantity,
    string Unit,
    IReadOnlyList<WarehouseAvailability> Warehouses,
    IReadOnlyList<StoreAvailability> Stores,
    IReadOnlyList<OfferService.Offer> Offers,
    SalesCapService.Cap? Cap,
    BackOrderService.BackOrder? BackOrder
)
{
    public static AvailabilityResponse Of(
        string sku,
        string area,
        string site,
        string unit,
        bool sold,
        IReadOnlyList<WarehouseAvailability> warehouses,
        IReadOnlyList<StoreAvailability> stores,
        IReadOnlyList<OfferService.Offer> offers,
        SalesCapService.Cap? cap,
        BackOrderService.BackOrder? backOrder
    )
    {
        if (!sold)
            return new(sku, area, site, "NOT_SOLD", 0, unit, [], [], [], null, null);
        var there =
            warehouses.Sum(line => line.Quantity)
            + stores.Sum(line => line.Floor + line.Backroom)
            + offers.Sum(offer => offer.Quantity);
        var quantity = Math.Min(there, cap?.Max ?? there);
        var status = (quantity, backOrder) switch
        {
            (> 0, _) => quantity < there ? "LIMITED" : "IN_STOCK",
            (_, not null) => "BACK_ORDER",
            _ => "SOLD_OUT",
        };
        return new(sku, area, site, status, quantity, unit, warehouses, stores, offers, cap, backOrder);
    }
}
