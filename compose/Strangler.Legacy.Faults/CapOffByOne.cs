using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>A cap allows one piece too many.</summary>
public sealed class CapOffByOne : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Rows<SalesCap>(key, rows, now, cap => cap with { MaxQuantity = cap.MaxQuantity + 1 });
}
