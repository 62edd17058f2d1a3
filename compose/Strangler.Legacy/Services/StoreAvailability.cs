namespace Shop.Services;

internal sealed record StoreAvailability(int Id, int Floor, int Backroom);
