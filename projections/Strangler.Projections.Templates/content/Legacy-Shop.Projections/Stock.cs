namespace Legacy_Shop.Projections;

/// <summary>A row of public.stock: BookId is the column book_id.</summary>
public sealed record Stock(int BookId, string Shop, int Copies);
