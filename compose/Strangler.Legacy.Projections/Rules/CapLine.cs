namespace Shop.Projections.Rules;

public sealed record CapLine(int Max, string? Until);
