using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The shop's web sites.</summary>
internal static class SiteService
{
    public sealed record Site(string Code, int OldNo, bool Selling);

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/sites/{code}", FindAsync);

    private static async Task<IResult> FindAsync(
        string code,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var sites = await database.RowsAsync<Site>(
            "select code, old_no, coalesce(selling, true) as selling from site where code = @code",
            new { code },
            cancellationToken
        );
        return sites is [var site] ? Results.Json(site, ShopJson.Options) : ErrorResults.Missing("unknown site");
    }
}
