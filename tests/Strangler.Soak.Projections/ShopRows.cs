namespace Soak.Projections;

public sealed record Product(
    string Id,
    string Name,
    string? Note,
    string State,
    string KindCode,
    decimal Price,
    DateTimeOffset ChangedAt,
    long Version
);

public sealed record Part(string ProductId, int Region, int Quantity, long Version);

public sealed record Kind(string Code, string Label, long Version);

public sealed record Rate(string Code, decimal Percent, long Version);
