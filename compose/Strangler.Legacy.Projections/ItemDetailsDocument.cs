namespace Shop.Projections;

public sealed record ItemDetailsDocument(
    string Sku,
    string Name,
    string Status,
    string Unit,
    string Price,
    double? WeightKg,
    string? ReleasedOn,
    string CreatedAt,
    IReadOnlyList<GroupLine> Groups,
    string? OldCode,
    int? CasePieces,
    string? Description
);
