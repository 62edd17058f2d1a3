namespace Shop.Hosting;

internal sealed record UnknownAreaError(string Area, string Error);
