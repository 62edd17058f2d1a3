namespace Shop.Projections.Tables;

public sealed record Area(string Code, string Region, string SiteCode);
