namespace Shop.Projections.Tables;

public sealed record StoreBackroom(long Id, int StoreId, string ItemCode, int? Packs);
