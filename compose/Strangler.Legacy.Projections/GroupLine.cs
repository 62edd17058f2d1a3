namespace Shop.Projections;

public sealed record GroupLine(string Code, string Name);
