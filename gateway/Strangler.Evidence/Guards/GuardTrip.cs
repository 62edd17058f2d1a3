namespace Strangler.Evidence.Guards;

/// <summary>A trip of a route's guard in its history.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Ago">How long ago, by the store's clock.</param>
internal sealed record GuardTrip(string Rule, TimeSpan Ago);
