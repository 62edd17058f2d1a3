using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>Where customers live. An area belongs to a region and buys on one site.</summary>
internal static class AreaService
{
    public sealed record Area(string Code, string Region, string SiteCode);

    public sealed record AreaOnSite(string Code, string Region, string Site, int OldSiteNo, bool Selling);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(
            "/areas",
            async (NpgsqlDataSource database, CancellationToken cancellationToken) =>
                Results.Json(
                    await database.RowsAsync<Area>(
                        "select code, region, site_code from area order by code",
                        null,
                        cancellationToken
                    ),
                    ShopJson.Options
                )
        );
        endpoints.MapGet("/areas/{code}", FindAsync);
    }

    private static async Task<IResult> FindAsync(
        string code,
        NpgsqlDataSource database,
        Peers peers,
        CancellationToken cancellationToken
    )
    {
        var areas = await database.RowsAsync<Area>(
            "select code, region, site_code from area where code = @code",
            new { code },
            cancellationToken
        );
        if (areas is not [var area])
            return ErrorResults.Missing("unknown area");
        // A site that no longer exists sells nothing.
        var site = await peers.FindAsync<SiteService.Site>("site", $"/sites/{area.SiteCode}", cancellationToken);
        return Results.Json(
            new AreaOnSite(area.Code, area.Region, area.SiteCode, site?.OldNo ?? 0, site?.Selling ?? false),
            ShopJson.Options
        );
    }
}
