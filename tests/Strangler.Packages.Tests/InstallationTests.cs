using Xunit;

namespace Strangler.Packages.Tests;

/// <summary>
/// A team's first hour with the packages alone: with the tool, and with the library in a host of its own.
/// </summary>
[Trait("Category", "Long")]
public sealed class InstallationTests(BookShop shop, PackedFixture packed) : IClassFixture<BookShop>
{
    private const string Book8 =
        """{"id":8,"title":"Book 8","price":7.00,"copies":4,"shops":[{"shop":"Graz","copies":4}]}""";

    private const string Book10 =
        """{"id":10,"title":"Book 10","price":7.50,"copies":2,"shops":[{"shop":"Bern","copies":2}]}""";

    [Fact]
    public async Task Packages_InstalledIntoAnEmptyFolder_BuildTestAndServeARoute()
    {
        shop.Require();

        await shop.PromoteAsync("book", shop.Configuration);
        await shop.UntilAsync(async () => await shop.AskAsync("/books/8") is ("lookup", 200, _));

        Assert.Contains(shop.Tested.Lines, line => line.Trim() == "succeeded: 3");
        Assert.Equal(("lookup", 200, Book8), await shop.AskAsync("/books/8"));
        Assert.Equal(("lookup", 404, ""), await shop.AskAsync("/books/9"));

        await shop.ExecuteAsync("update stock set copies = 3 where shop = 'Graz'");
        await shop.UntilAsync(async () =>
            (await shop.AskAsync("/books/8")).Body.Contains("\"copies\":3", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Host_OfYarp_WithTheLinesOfTheDocumentation_IsAHostOfStrangler()
    {
        shop.Require();
        using var legacy = new LegacyService(shop.LegacyAddress);
        await using var host = await TeamHost.StartAsync(shop, packed.Packages["Strangler.Hosting"]);

        await shop.UntilAsync(async () => await host.AskAsync("/own") is (_, 200, "own"));
        Assert.Equal((null, 200, "legacy GET /shelves/1?all=%2F"), await host.AskAsync("/shelves/1?all=%2F"));
        Assert.Equal(("legacy; reason=stage", 200, "legacy GET /books/10"), await host.AskAsync("/books/10"));

        await shop.PromoteAsync(TeamHost.Route, host.Shared);
        await shop.UntilAsync(async () => await host.AskAsync("/books/10") is ("lookup", 200, _));
        Assert.Equal(("lookup", 200, Book10), await host.AskAsync("/books/10"));
        Assert.Equal((null, 200, "legacy GET /shelves/1"), await host.AskAsync("/shelves/1"));
    }
}
