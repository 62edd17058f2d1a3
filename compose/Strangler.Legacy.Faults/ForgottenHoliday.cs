using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>Suppliers deliver on holidays, too.</summary>
public sealed class ForgottenHoliday : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        ItemAvailability.Project(key, rows.With<CalendarDay>([]), now);
}
