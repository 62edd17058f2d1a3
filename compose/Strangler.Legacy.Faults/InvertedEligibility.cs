using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>What a rule allows is refused, and vice versa.</summary>
public sealed class InvertedEligibility : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Rows<SiteEligibility>(key, rows, now, rule => rule with { Allowed = !rule.Allowed });
}
