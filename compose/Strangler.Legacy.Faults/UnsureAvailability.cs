using Shop.Projections;
using Shop.Projections.Rules;
using Shop.Projections.Tables;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>
/// The real availability that asks legacy where it isn't sure: for items that the old system knows, too, and for
/// requests about the area that comes first. It isn't a mistake, so comparisons must not call it one.
/// </summary>
public sealed class UnsureAvailability : IProjection<Sku, AvailabilityDocument>
{
    public static void Declare(ISources<Sku> from) => ItemAvailability.Declare(from);

    public static Projected<AvailabilityDocument> Project(Sku key, Rows rows, DateTimeOffset now) =>
        rows.All<OldItem>().Count > 0
            ? Projected<AvailabilityDocument>.AskLegacy("item of the old system")
            : ItemAvailability.Project(key, rows, now);

    public static Answer Respond(AnswerRequest request, Documents<Sku, AvailabilityDocument> documents) =>
        documents.Count == 1
        && documents.At(0) is { } document
        && request.Query.GetValueOrDefault("area") == document.Areas.Keys.Min(StringComparer.Ordinal)
            ? Answer.AskLegacy("first area")
            : ItemAvailability.Respond(request, documents);
}
