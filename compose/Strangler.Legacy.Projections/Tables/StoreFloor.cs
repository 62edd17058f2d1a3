namespace Shop.Projections.Tables;

public sealed record StoreFloor(int StoreId, string Sku, int Quantity);
