namespace Shop.Projections.Tables;

public sealed record UnitConversion(string Unit, decimal Pieces);
