namespace Shop.Projections.Tables;

public sealed record Merchant(string Id, string Name, bool Suspended, int? MaxAgeMinutes);
