namespace Shop.Projections;

/// <summary>All columns of an item; the description of some is long.</summary>
public sealed record FullItem(
    string Sku,
    string Name,
    string Status,
    string Unit,
    decimal Price,
    double? WeightKg,
    DateOnly? ReleasedOn,
    DateTimeOffset CreatedAt,
    string? Description
);
