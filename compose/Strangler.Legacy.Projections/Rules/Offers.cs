using System.Globalization;
using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>The offers of third parties on a site: from offer and merchant.</summary>
internal static class Offers
{
    private const int ADay = 24 * 60;

    public static IReadOnlyList<OfferLine> On(string site, Rows rows, Clock clock)
    {
        var merchants = rows.All<Merchant>().ToDictionary(merchant => merchant.Id);
        return
        [
            .. from offer in rows.All<Offer>()
            where
                offer.Live
                && (offer.SiteCode is null || offer.SiteCode == site)
                && merchants.ContainsKey(offer.MerchantId)
            orderby offer.Price, offer.Id
            let merchant = merchants[offer.MerchantId]
            let believed = !merchant.Suspended
                && !clock.Passed(offer.UpdatedAt.AddMinutes(merchant.MaxAgeMinutes ?? ADay))
            select new OfferLine(
                offer.Id,
                merchant.Name,
                believed ? offer.Quantity : 0,
                offer.Price.ToString("0.00", CultureInfo.InvariantCulture)
            ),
        ];
    }
}
