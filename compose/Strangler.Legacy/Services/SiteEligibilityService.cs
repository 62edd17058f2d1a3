using System.Text.Json;
using Npgsql;
using Shop.Hosting;

namespace Shop.Services;

/// <summary>
/// Whether an item may be sold on the site of an area. The new rules apply to periods; where none exists, the old
/// permissions still apply.
/// </summary>
internal static class SiteEligibilityService
{
    public sealed record Eligibility(bool Eligible);

    private sealed record Permission(int? SiteNo, string Allowed);

    private sealed record EligibilityChange(string? Group, string? Site, bool? Allowed);

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/eligibility/{sku}", JudgeAsync);
        endpoints.MapPut("/eligibility", ChangeAsync);
    }

    private static async Task<IResult> JudgeAsync(
        string sku,
        string area,
        NpgsqlDataSource database,
        Peers peers,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var site = await peers.GetAsync<AreaService.AreaOnSite>("area", $"/areas/{area}", cancellationToken);
        var groups = (
            await peers.GetAsync<List<ItemGroupService.Group>>("item-group", $"/items/{sku}/groups", cancellationToken)
        ).ConvertAll(group => group.Code);
        const string Rules = """
            select allowed
            from site_eligibility
            where group_code = any(@groups) and site_code = @Site
                and coalesce(from_on, @today) <= @today and coalesce(to_on, @today) >= @today
            """;
        var rules = await database.RowsAsync<bool>(
            Rules,
            new
            {
                groups,
                site.Site,
                today = time.Today(),
            },
            cancellationToken
        );
        if (rules.Count > 0)
            return Results.Json(new Eligibility(rules.TrueForAll(allowed => allowed)), ShopJson.Options);

        var old = await database.RowsAsync<Permission>(
            "select site_no, allowed::text as allowed from old_sell_permission where group_code = any(@groups) and "
                + "(site_no = @OldSiteNo or site_no is null)",
            new { groups, site.OldSiteNo },
            cancellationToken
        );
        // A permission for this site takes precedence over those for all sites.
        var own = old.FindAll(permission => permission.SiteNo is not null);
        return Results.Json(
            new Eligibility((own.Count > 0 ? own : old).TrueForAll(permission => permission.Allowed == "Y")),
            ShopJson.Options
        );
    }

    // The old system is updated, too, until it is switched off.
    private static async Task<IResult> ChangeAsync(
        JsonElement body,
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        if (
            body.Deserialize<EligibilityChange>(ShopJson.Options)
            is not { Group: { } group, Site: { } site, Allowed: { } allowed }
        )
            return ErrorResults.Bad("group, site and allowed are required");
        var done = await database.WriteAsync(
            async write =>
            {
                var siteNo = await write.OneAsync<int?>("select old_no from site where code = @site", new { site });
                if (siteNo is null)
                    return false;
                if (
                    await write.DoAsync(
                        "update site_eligibility set allowed = @allowed, from_on = null, to_on = null where "
                            + "group_code = @group and site_code = @site",
                        new
                        {
                            group,
                            site,
                            allowed,
                        }
                    ) == 0
                )
                    await write.DoAsync(
                        "insert into site_eligibility (group_code, site_code, allowed) "
                            + "values (@group, @site, @allowed)",
                        new
                        {
                            group,
                            site,
                            allowed,
                        }
                    );
                await write.DoAsync(
                    "delete from old_sell_permission where group_code = @group and site_no = @siteNo",
                    new { group, siteNo }
                );
                await write.DoAsync(
                    "insert into old_sell_permission (group_code, site_no, allowed) values (@group, @siteNo, @letter)",
                    new
                    {
                        group,
                        siteNo,
                        letter = allowed ? "Y" : "N",
                    }
                );
                return true;
            },
            cancellationToken
        );
        return done ? Results.NoContent() : ErrorResults.Missing("unknown site");
    }
}
