namespace Strangler.Gateway.Shadowing;

/// <summary>A place of a route's comparisons, taken by one request.</summary>
/// <param name="Number">The number of places taken so far, which orders places by time.</param>
internal readonly record struct ShadowPlace(long Number);
