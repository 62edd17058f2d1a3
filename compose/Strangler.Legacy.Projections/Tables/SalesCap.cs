namespace Shop.Projections.Tables;

public sealed record SalesCap(
    long Id,
    string? Sku,
    string? GroupCode,
    string? AreaCode,
    int MaxQuantity,
    DateTimeOffset FromAt,
    DateTimeOffset? ToAt
);
