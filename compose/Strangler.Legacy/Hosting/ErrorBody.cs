namespace Shop.Hosting;

internal sealed record ErrorBody(string Error);
