namespace Shop.Traffic;

/// <summary>A request that the generator sends.</summary>
/// <param name="Json">The body; null without one.</param>
internal sealed record TrafficRequest(string Method, string Path, string? Json = null);
