using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>The south of France is missing.</summary>
public sealed class ForgottenArea : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Areas(key, rows, now, area => area.Area == "FR-S" ? null : area);
}
