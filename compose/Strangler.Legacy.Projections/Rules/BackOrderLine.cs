namespace Shop.Projections.Rules;

public sealed record BackOrderLine(string ExpectedOn, int Quantity);
