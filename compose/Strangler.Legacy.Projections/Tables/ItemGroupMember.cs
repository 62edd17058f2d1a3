namespace Shop.Projections.Tables;

public sealed record ItemGroupMember(string GroupCode, string Sku);
