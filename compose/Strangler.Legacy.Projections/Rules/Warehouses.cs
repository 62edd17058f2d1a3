using Strangler.Projections;

namespace Shop.Projections.Rules;

/// <summary>
/// The quantities that the warehouses can send to an area: from warehouse-inventory, old-stock, warehouse,
/// warehouse-area, warehouse-site, reservation and old-reservation.
/// </summary>
internal static class Warehouses
{
    private const int UsualDays = 4;

    public static IReadOnlyList<WarehouseLine> For(Area area, Rows rows, Clock clock)
    {
        var depots = PiecesInDepots(rows);
        var lines = new List<WarehouseLine>();
        foreach (var warehouse in rows.All<Warehouse>())
        {
            if (
                !IsOpen(warehouse, clock)
                || LeadDays(warehouse, area, rows) is not { } leadDays
                || !Serves(warehouse, area.SiteCode, rows)
            )
                continue;
            var free = OnHand(warehouse, depots, rows) - Held(warehouse, rows, clock);
            if (free > 0)
                lines.Add(new(warehouse.Id, free, leadDays));
        }
        return [.. lines.OrderBy(line => line.LeadDays).ThenBy(line => line.Id)];
    }

    private static bool IsOpen(Warehouse warehouse, Clock clock) =>
        warehouse.State == "open" || warehouse.State == "moving" && warehouse.ReopensOn is { } day && clock.Began(day);

    // Without an entry a warehouse delivers within its own region.
    private static int? LeadDays(Warehouse warehouse, Area area, Rows rows)
    {
        if (
            rows.All<WarehouseArea>()
                .FirstOrDefault(entry => entry.WarehouseId == warehouse.Id && entry.AreaCode == area.Code) is
            { } entry
        )
            return entry.Allowed == false ? null : entry.LeadDays;
        return rows.All<Area>().FirstOrDefault(home => home.Code == warehouse.AreaCode)?.Region == area.Region
            ? UsualDays
            : null;
    }

    private static bool Serves(Warehouse warehouse, string site, Rows rows) =>
        rows.All<WarehouseSite>()
            .Any(entry => entry.WarehouseId == warehouse.Id && (entry.SiteCode is null || entry.SiteCode == site));

    // If the stock isn't counted yet or has no entry, the old depot's figure applies.
    private static int OnHand(Warehouse warehouse, Dictionary<int, int> depots, Rows rows) =>
        rows.All<WarehouseStock>().FirstOrDefault(stock => stock.WarehouseId == warehouse.Id)
            is { OnHand: { } onHand } counted
            ? onHand - (counted.Damaged ?? 0)
        : warehouse.DepotNo is { } depot ? depots.GetValueOrDefault(depot)
        : 0;

    private static Dictionary<int, int> PiecesInDepots(Rows rows)
    {
        var inCase = rows.Single<OldItem>()?.CasePieces ?? Units.Pieces("CASE", rows);
        return rows.All<OldStock>()
            .GroupBy(stock => stock.DepotNo)
            .ToDictionary(depot => depot.Key, depot => (int)Math.Floor(depot.Sum(stock => stock.Cases) * inCase));
    }

    private static int Held(Warehouse warehouse, Rows rows, Clock clock) =>
        rows.All<Reservation>()
            .Where(held => held.WarehouseId == warehouse.Id && held.State == "active" && !clock.Passed(held.EndsAt))
            .Sum(held => held.Quantity)
        + rows.All<OldReservation>()
            .Where(held =>
                (held.DepotNo is null || held.DepotNo == warehouse.DepotNo)
                && (held.UntilOn is not { } last || !clock.Ended(last))
            )
            .Sum(held => held.Pieces);
}
