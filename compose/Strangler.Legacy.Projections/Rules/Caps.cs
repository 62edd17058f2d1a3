using System.Globalization;
using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>The lowest cap that applies in an area: from sales-cap.</summary>
internal static class Caps
{
    public static CapLine? In(Area area, Rows rows, Clock clock) =>
        rows.All<SalesCap>()
            .Where(cap =>
                (cap.AreaCode is null || cap.AreaCode == area.Code)
                && clock.Passed(cap.FromAt)
                && (cap.ToAt is not { } end || !clock.Passed(end))
            )
            .OrderBy(cap => cap.MaxQuantity)
            .ThenBy(cap => cap.Id)
            .Select(cap => new CapLine(
                cap.MaxQuantity,
                cap.ToAt?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
            ))
            .FirstOrDefault();
}
