using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>
/// The quantities that can be collected in the stores of an area: from store-floor, store-backroom and store.
/// </summary>
internal static class Stores
{
    public static IReadOnlyList<StoreLine> For(Area area, Rows rows, Clock clock)
    {
        var pack = Units.Pieces("PACK", rows);
        var lines = new List<StoreLine>();
        foreach (
            var store in rows.All<Store>()
                .Where(store =>
                    store.AreaCode == area.Code
                    && store.ClickCollect != false
                    && (store.ClosesOn is not { } day || !clock.Began(day))
                )
                .OrderBy(store => store.Id)
        )
        {
            var floor = rows.All<StoreFloor>().FirstOrDefault(floor => floor.StoreId == store.Id)?.Quantity ?? 0;
            var packs = rows.All<StoreBackroom>()
                .Where(backroom => backroom.StoreId == store.Id)
                .Sum(backroom => backroom.Packs ?? 0);
            lines.Add(new(store.Id, Math.Max(0, floor - 1), (int)(packs * pack)));
        }
        return lines;
    }
}
