using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>
/// The real availability with one deliberate mistake, to be found by comparing. <c>faults.json</c> says of each what is
/// wrong, in which fields it shows, and which keys it touches.
/// </summary>
public interface IPlantedFault : IProjection<Sku, AvailabilityDocument>
{
    static void IProjection<Sku, AvailabilityDocument>.Declare(ISources<Sku> from) => ItemAvailability.Declare(from);

    static Answer IProjection<Sku, AvailabilityDocument>.Respond(
        AnswerRequest request,
        Documents<Sku, AvailabilityDocument> documents
    ) => ItemAvailability.Respond(request, documents);
}
