namespace Legacy_Shop.Projections;

/// <summary>The document of a book: its JSON is the answer.</summary>
public sealed record BookDocument(int Id, string Title, decimal Price, int Copies, IReadOnlyList<ShopLine> Shops);
