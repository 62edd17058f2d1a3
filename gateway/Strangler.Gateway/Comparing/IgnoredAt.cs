namespace Strangler.Gateway.Comparing;

/// <summary>Differences that a rule of the route let pass: counted, never hidden.</summary>
/// <param name="General">The general path.</param>
/// <param name="Rule">The rule, as it is configured.</param>
/// <param name="Count">How often in one comparison.</param>
internal sealed record IgnoredAt(string General, string Rule, int Count);
