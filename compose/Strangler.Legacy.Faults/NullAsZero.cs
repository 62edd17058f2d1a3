using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>An old reservation without a depot, which applies to every depot, is assigned to depot 0.</summary>
public sealed class NullAsZero : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Rows<OldReservation>(key, rows, now, held => held with { DepotNo = held.DepotNo ?? 0 });
}
