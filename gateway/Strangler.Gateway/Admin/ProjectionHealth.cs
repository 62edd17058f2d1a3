namespace Strangler.Gateway.Admin;

/// <summary>The health of a projection that answers routes.</summary>
/// <param name="Projection">Its name.</param>
/// <param name="Troubles">
/// Why the lookup answers nothing from it now, one sentence each with its way out. Empty if it may answer.
/// </param>
public sealed record ProjectionHealth(string Projection, IReadOnlyList<string> Troubles);
