namespace Shop.Projections.Tables;

public sealed record Offer(
    long Id,
    string MerchantId,
    string Sku,
    string? SiteCode,
    int Quantity,
    decimal Price,
    bool Live,
    DateTimeOffset UpdatedAt
);
