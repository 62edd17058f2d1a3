namespace Strangler.Evidence;

/// <summary>What evidence is about: a change to any of these starts over.</summary>
/// <param name="Route">The route's id.</param>
/// <param name="Projection">The projection's name.</param>
/// <param name="Version">The projection's version.</param>
/// <param name="Rules">The hash of the comparison rules.</param>
internal readonly record struct EvidenceScope(string Route, string Projection, string Version, string Rules);
