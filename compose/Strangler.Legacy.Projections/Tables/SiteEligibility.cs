namespace Shop.Projections.Tables;

public sealed record SiteEligibility(
    long Id,
    string GroupCode,
    string SiteCode,
    bool Allowed,
    DateOnly? FromOn,
    DateOnly? ToOn
);
