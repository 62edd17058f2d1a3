namespace Strangler.Projections;

/// <summary>What a projection's version is computed from.</summary>
/// <param name="Hash">The hash of the code alone, in hexadecimal.</param>
/// <param name="Cultures">
/// The source of culture data in the process that runs it: <c>ICU 72</c> or <c>invariant</c>.
/// </param>
public sealed record ProjectionCode(string Hash, string Cultures);
