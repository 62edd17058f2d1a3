namespace Strangler.Gateway.Shadowing;

/// <summary>A place of a route's comparisons, taken by one request.</summary>
/// <param name="Number">How many had been taken by then; it tells earlier from later.</param>
internal readonly record struct ShadowPlace(long Number);
