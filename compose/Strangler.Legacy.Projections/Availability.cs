namespace Shop.Projections;

/// <summary>An item's availability for the customers of each area.</summary>
/// <param name="Areas">Answers by the area's code, sorted by it.</param>
public sealed record AvailabilityDocument(string Sku, IReadOnlyDictionary<string, Availability> Areas);

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

public sealed record WarehouseLine(int Id, int Quantity, int LeadDays);

public sealed record StoreLine(int Id, int Floor, int Backroom);

public sealed record OfferLine(long Id, string Merchant, int Quantity, string Price);

public sealed record CapLine(int Max, string? Until);

public sealed record BackOrderLine(string ExpectedOn, int Quantity);
