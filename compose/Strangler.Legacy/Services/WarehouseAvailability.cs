namespace Shop.Services;

internal sealed record WarehouseAvailability(int Id, int Quantity, int LeadDays);
