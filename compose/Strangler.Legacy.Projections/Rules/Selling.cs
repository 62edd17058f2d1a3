using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>
/// Whether an item is sold on a site at all: from the services site-eligibility, item-group, item and site.
/// </summary>
internal static class Selling
{
    public static bool IsSold(Item item, Site? site, Rows rows, Clock clock) =>
        site is not null && site.Selling != false && IsReleased(item, clock) && IsEligible(site, rows, clock);

    private static bool IsReleased(Item item, Clock clock) =>
        item.Status != "P" || item.ReleasedOn is { } day && clock.Began(day);

    private static bool IsEligible(Site site, Rows rows, Clock clock)
    {
        var rules = rows.All<SiteEligibility>()
            .Where(rule => rule.SiteCode == site.Code && Holds(rule, clock))
            .ToList();
        if (rules.Count > 0)
            return rules.TrueForAll(rule => rule.Allowed);

        // A permission for this site takes precedence over those for all sites.
        var old = rows.All<OldSellPermission>();
        var own = old.Where(permission => permission.SiteNo == site.OldNo).ToList();
        return (own.Count > 0 ? own : old.Where(permission => permission.SiteNo is null)).All(permission =>
            permission.Allowed == "Y"
        );
    }

    private static bool Holds(SiteEligibility rule, Clock clock) =>
        (rule.FromOn is not { } from || clock.Began(from)) && (rule.ToOn is not { } last || !clock.Ended(last));
}
