namespace Shop.Projections.Rules;

/// <summary>The answer for one area, with its members in the order in which the web site receives them.</summary>
public sealed record Availability(
    string Sku,
    string Area,
    string Site,
    string Status,
    int Quantity,
    string Unit,
    IReadOnlyList<WarehouseLine> Warehouses,
    IReadOnlyList<StoreLine> Stores,
    IReadOnlyList<OfferLine> Offers,
    CapLine? Cap,
    BackOrderLine? BackOrder
);
