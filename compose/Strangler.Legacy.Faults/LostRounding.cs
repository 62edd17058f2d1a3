using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>An old depot counts whole cases only: the rest of a case is lost.</summary>
public sealed class LostRounding : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Rows<OldStock>(key, rows, now, stock => stock with { Cases = Math.Floor(stock.Cases) });
}
