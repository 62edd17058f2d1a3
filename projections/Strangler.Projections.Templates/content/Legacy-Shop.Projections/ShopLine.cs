namespace Legacy_Shop.Projections;

/// <summary>A shop that has copies of a book.</summary>
public sealed record ShopLine(string Shop, int Copies);
