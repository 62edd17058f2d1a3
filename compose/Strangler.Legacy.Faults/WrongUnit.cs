using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>A pack counts as one piece.</summary>
public sealed class WrongUnit : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Rows<UnitConversion>(
            key,
            rows,
            now,
            conversion => conversion.Unit == "PACK" ? conversion with { Pieces = 1 } : conversion
        );
}
