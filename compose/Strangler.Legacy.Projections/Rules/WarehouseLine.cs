namespace Shop.Projections.Rules;

public sealed record WarehouseLine(int Id, int Quantity, int LeadDays);
