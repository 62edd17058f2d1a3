namespace Shop.Projections.Rules;

/// <summary>An item's availability for the customers of each area.</summary>
/// <param name="Areas">Answers by the area's code, sorted by it.</param>
public sealed record AvailabilityDocument(string Sku, IReadOnlyDictionary<string, Availability> Areas);
