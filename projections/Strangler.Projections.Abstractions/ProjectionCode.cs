namespace Strangler.Projections;

/// <summary>What a projection's version is made of.</summary>
/// <param name="Hash">The hash of the code alone, in hexadecimal.</param>
/// <param name="Cultures">
/// Where the process that runs it has the data of cultures from: <c>ICU 72</c> or <c>invariant</c>.
/// </param>
public sealed record ProjectionCode(string Hash, string Cultures);
