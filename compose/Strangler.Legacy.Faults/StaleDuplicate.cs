using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>If a counted warehouse's old depot still has a figure, too, the old figure wins.</summary>
public sealed class StaleDuplicate : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now)
    {
        var depots = rows.All<OldStock>().Select(stock => stock.DepotNo).ToHashSet();
        var twice = rows.All<Warehouse>()
            .Where(warehouse => warehouse.DepotNo is { } depot && depots.Contains(depot))
            .Select(warehouse => warehouse.Id)
            .ToHashSet();
        return PlantedMistake.Rows<WarehouseStock>(
            key,
            rows,
            now,
            stock => twice.Contains(stock.WarehouseId) ? stock with { OnHand = null } : stock
        );
    }
}
