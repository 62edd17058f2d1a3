using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>
/// The real availability with one deliberate mistake for comparisons to find. <c>faults.json</c> lists for each what is
/// wrong, which fields show it, and which keys it affects.
/// </summary>
public interface IPlantedFault : IProjection<Sku, AvailabilityDocument>
{
    static void IProjection<Sku, AvailabilityDocument>.Declare(ISources<Sku> from) => ItemAvailability.Declare(from);

    static Answer IProjection<Sku, AvailabilityDocument>.Respond(
        AnswerRequest request,
        Documents<Sku, AvailabilityDocument> documents
    ) => ItemAvailability.Respond(request, documents);
}
