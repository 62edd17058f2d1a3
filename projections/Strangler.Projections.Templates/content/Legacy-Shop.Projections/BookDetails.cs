using Strangler.Projections;

namespace Legacy_Shop.Projections;

/// <summary>The answer to GET /books/{id}.</summary>
public sealed class BookDetails : IProjection<int, BookDocument>
{
    /// <summary>Which rows belong to a key: the same paths find the keys of a changed row.</summary>
    public static void Declare(ISources<int> from)
    {
        from.Table<Book>("public.book").Key(book => book.Id);
        from.Table<Stock>("public.stock").Key(stock => stock.BookId);
    }

    /// <summary>Pure: no I/O, no clock, no state; only the rows and the time decide.</summary>
    public static Projected<BookDocument> Project(int key, Rows rows, DateTimeOffset now)
    {
        if (rows.Single<Book>() is not { Withdrawn: false } book)
            return Projected<BookDocument>.Absent;
        var shops = rows.All<Stock>()
            .Where(stock => stock.Copies > 0)
            .OrderBy(stock => stock.Shop, StringComparer.Ordinal)
            .Select(stock => new ShopLine(stock.Shop, stock.Copies))
            .ToList();
        return new(new BookDocument(key, book.Title, book.Price, shops.Sum(line => line.Copies), shops));
    }
}
