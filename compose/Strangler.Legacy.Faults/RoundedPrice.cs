using System.Globalization;
using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>The price of an offer has no cents.</summary>
public sealed class RoundedPrice : IPlantedFault
{
    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        PlantedMistake.Areas(
            key,
            rows,
            now,
            area =>
                area with
                {
                    Offers =
                    [
                        .. area.Offers.Select(offer =>
                            offer with
                            {
                                Price = Math.Floor(decimal.Parse(offer.Price, CultureInfo.InvariantCulture))
                                    .ToString("0.00", CultureInfo.InvariantCulture),
                            }
                        ),
                    ],
                }
        );
}
