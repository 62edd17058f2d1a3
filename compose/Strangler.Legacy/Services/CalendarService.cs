using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>The days other than Sundays on which a site doesn't deliver.</summary>
internal static class CalendarService
{
    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/calendar/{site}/closed", ClosedAsync);

    private static async Task<IResult> ClosedAsync(
        string site,
        DateOnly from,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    ) =>
        Results.Json(
            await database.RowsAsync<DateOnly>(
                "select day from calendar_day where site_code = @site and day >= @from order by day",
                new { site, from },
                cancellationToken
            ),
            ShopJson.Options
        );
}
