using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Reloading;

/// <summary>What becomes of a changed configuration.</summary>
internal abstract record ReloadDecision
{
    private ReloadDecision() { }

    /// <summary>Its routes and clusters are taken over.</summary>
    /// <param name="Model">What it means.</param>
    /// <param name="Late">Sections that changed and take effect at the next start only.</param>
    public sealed record Apply(GatewayModel Model, IReadOnlyList<string> Late) : ReloadDecision;

    /// <summary>The last good configuration stays in effect.</summary>
    public sealed record Keep(IReadOnlyList<Fault> Faults) : ReloadDecision;
}
