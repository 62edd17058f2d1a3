namespace Shop.Projections.Tables;

public sealed record ItemGroup(string Code, string Name);
