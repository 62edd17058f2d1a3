namespace Shop.Projections;

internal sealed record UnknownItem(string Sku, string Error = "unknown item");
