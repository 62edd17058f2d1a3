using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>
/// A warehouse is looked for by its own number where its old depot's is meant, so that those which only the old system
/// knows of are not found.
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
