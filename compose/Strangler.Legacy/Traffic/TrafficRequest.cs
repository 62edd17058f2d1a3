namespace Shop.Traffic;

/// <summary>A request that the generator sends.</summary>
/// <param name="Json">The body; null without one.</param>
/// <param name="Items">The items whose availability it requests, separated by commas; null: none.</param>
internal sealed record TrafficRequest(string Method, string Path, string? Json = null, string? Items = null);
