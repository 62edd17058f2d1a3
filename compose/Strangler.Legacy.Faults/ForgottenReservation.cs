using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>Reservations of the new system are ignored.</summary>
public sealed class ForgottenReservation : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        ItemAvailability.Project(key, rows.With<Reservation>([]), now);
}
