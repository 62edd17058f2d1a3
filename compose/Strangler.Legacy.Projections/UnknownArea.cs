namespace Shop.Projections;

internal sealed record UnknownArea(string Area, string Error = "unknown area");
