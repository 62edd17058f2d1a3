namespace Shop.Projections.Tables;

public sealed record WarehouseStock(int WarehouseId, string Sku, int? OnHand, int? Damaged);
