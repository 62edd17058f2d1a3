namespace Strangler.Projections;

/// <summary>A projection in one version.</summary>
/// <param name="Name">The class's name: <c>ItemAvailability</c>.</param>
/// <param name="Version">The hash of the code of its assemblies, in hexadecimal.</param>
public readonly record struct ProjectionId(string Name, string Version);
