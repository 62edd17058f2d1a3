namespace Shop.Projections.Tables;

// The shop's tables, with the columns that the answers depend on.

public sealed record Site(string Code, int OldNo, bool? Selling);
