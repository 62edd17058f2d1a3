namespace Shop.Projections.Tables;

public sealed record BackOrder(long Id, string Sku, string State, DateOnly ExpectedOn, int Quantity);
