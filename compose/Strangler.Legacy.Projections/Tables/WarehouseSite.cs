namespace Shop.Projections.Tables;

public sealed record WarehouseSite(int Id, int WarehouseId, string? SiteCode);
