namespace Shop.Projections.Tables;

public sealed record OldStock(long Id, string ItemCode, int DepotNo, decimal Cases);
