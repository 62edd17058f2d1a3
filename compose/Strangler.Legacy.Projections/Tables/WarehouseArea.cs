namespace Shop.Projections.Tables;

public sealed record WarehouseArea(int WarehouseId, string AreaCode, bool? Allowed, short LeadDays);
