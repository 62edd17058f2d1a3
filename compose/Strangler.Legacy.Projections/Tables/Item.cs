namespace Shop.Projections.Tables;

public sealed record Item(string Sku, string Status, string Unit, DateOnly? ReleasedOn);
