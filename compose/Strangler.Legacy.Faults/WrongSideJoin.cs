using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>
/// A warehouse is looked up by its own number instead of its old depot's, so warehouses that only the old system has
/// are not found.
/// </summary>
public sealed class WrongSideJoin : IPlantedFault
{
    public static void Declare(ISources<Sku> from) =>
        ItemAvailability.Declare(
            new OtherPaths<Warehouse>(
                from,
                table =>
                    table
                        .Through((WarehouseStock stock) => stock.WarehouseId, warehouse => warehouse.Id)
                        .Through((OldStock old) => old.DepotNo, warehouse => warehouse.Id)
            )
        );

    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        ItemAvailability.Project(key, rows, now);
}
