namespace Legacy_Shop.Projections;

/// <summary>A row of public.book, with the columns that the answer depends on.</summary>
public sealed record Book(int Id, string Title, decimal Price, bool Withdrawn);
