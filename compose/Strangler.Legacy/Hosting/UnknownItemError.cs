namespace Shop.Hosting;

internal sealed record UnknownItemError(string Sku, string Error);
