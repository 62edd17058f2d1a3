using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>An offer counts however old it is.</summary>
public sealed class IgnoredExpiry : IPlantedFault
{
    private const int AHundredYears = 100 * 366 * 24 * 60;

    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Rows<Merchant>(key, rows, now, merchant => merchant with { MaxAgeMinutes = AHundredYears });
}
