using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Shadowing;

/// <summary>A sampled request whose client has its answer, and which waits to be compared.</summary>
/// <param name="Place">Given back after the comparison is in the evidence.</param>
/// <param name="Held">Everything that is held for it besides the copy. Disposed with the copy.</param>
internal sealed record ShadowSample(
    GatewayRoute Route,
    RouteLookupModel Lookup,
    EvidenceScope Scope,
    ShadowPlace Place,
    RoutingDecision.FromLookup Decision,
    SampledRequest Request,
    HeldBytes Held
)
{
    /// <summary>What the client got from legacy. Null: the lookup answered, and legacy has yet to be asked.</summary>
    public SampledAnswer? Legacy { get; init; }

    /// <summary>How long the lookup took for the client. Null unless it answered.</summary>
    public TimeSpan? Answered { get; init; }

    public Occasion Occasion => Legacy is null ? Occasion.Recheck : Occasion.Shadow;
}
