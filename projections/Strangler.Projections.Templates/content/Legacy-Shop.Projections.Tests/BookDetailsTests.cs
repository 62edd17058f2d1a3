using Strangler.Projections.Testing;
using Xunit;

namespace Legacy_Shop.Projections.Tests;

public sealed class BookDetailsTests
{
    private static readonly ProjectionTest<BookDetails, int, BookDocument> Projection = new();

    [Fact]
    public void Document_SomeShopsHaveCopies_ListsThem()
    {
        var given = Projection.Given(
            new Book(8, "Book 8", 7.00m, Withdrawn: false),
            new Stock(8, "Graz", 4),
            new Stock(8, "Hamburg", 0),
            new Stock(9, "Bern", 5)
        );

        Assert.Equal(
            """{"id":8,"title":"Book 8","price":7.00,"copies":4,"shops":[{"shop":"Graz","copies":4}]}""",
            given.Document(8).Json
        );
    }

    [Fact]
    public void Document_BookIsWithdrawnOrUnknown_IsAbsent()
    {
        var given = Projection.Given(new Book(8, "Book 8", 7.00m, Withdrawn: true));

        Assert.True(given.Document(8).IsAbsent);
        Assert.True(given.Document(9).IsAbsent);
    }

    [Fact]
    public void Document_SameRows_DependsOnNothingElse() =>
        Projection
            .Given(
                new Book(8, "Book 8", 7.00m, Withdrawn: false),
                new Book(9, "Book 9", 7.25m, Withdrawn: false),
                new Stock(8, "Bern", 2),
                new Stock(8, "Graz", 4),
                new Stock(9, "Bern", 5)
            )
            .CheckProperties();
}
