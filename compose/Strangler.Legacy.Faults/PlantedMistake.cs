using Shop.Projections;
using Shop.Projections.Rules;
using Strangler.Projections;

namespace Shop.Faults;

/// <summary>
/// The two places in which a mistake is planted: the rows before the real rules, and the document after them.
/// </summary>
internal static class PlantedMistake
{
    /// <summary>The real rules over rows of which some are altered.</summary>
    public static Projected<AvailabilityDocument> Rows<TRow>(
        Sku key,
        Rows rows,
        DateTimeOffset now,
        Func<TRow, TRow> mistake
    )
        where TRow : class => ItemAvailability.Project(key, rows.With(rows.All<TRow>().Select(mistake)), now);

    /// <summary>The result of the real rules, changed in every area.</summary>
    public static Projected<AvailabilityDocument> Areas(
        Sku key,
        Rows rows,
        DateTimeOffset now,
        Func<Availability, Availability?> mistake
    )
    {
        var projected = ItemAvailability.Project(key, rows, now);
        if (projected.Document is not { } document)
            return projected;
        var areas = new SortedDictionary<string, Availability>(StringComparer.Ordinal);
        foreach (var area in document.Areas.Values.Select(mistake).OfType<Availability>())
            areas.Add(area.Area, area);
        return projected with { Document = document with { Areas = areas } };
    }
}
