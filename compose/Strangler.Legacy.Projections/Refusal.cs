namespace Shop.Projections;

internal sealed record Refusal(string Error);
