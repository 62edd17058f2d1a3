namespace Shop.Projections.Tables;

public sealed record Reservation(
    Guid Id,
    string Sku,
    int WarehouseId,
    int Quantity,
    string State,
    DateTimeOffset EndsAt
);
