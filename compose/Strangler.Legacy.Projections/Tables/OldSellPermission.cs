namespace Shop.Projections.Tables;

public sealed record OldSellPermission(int Id, string GroupCode, int? SiteNo, string Allowed);
