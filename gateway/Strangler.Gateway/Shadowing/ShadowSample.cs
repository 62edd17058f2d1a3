using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>A sampled request whose client has its answer, and which waits to be compared.</summary>
/// <param name="Place">Given back after the comparison is in the evidence.</param>
/// <param name="Copy">The answer's body. The comparison disposes it.</param>
/// <param name="Held">Everything else that is held for it. Disposed with the copy.</param>
/// <param name="Incomparable">Why legacy's answer can't be compared, regardless of its bytes.</param>
internal sealed record ShadowSample(
    GatewayRoute Route,
    RouteLookupModel Lookup,
    EvidenceScope Scope,
    ShadowPlace Place,
    RoutingDecision.FromLookup Decision,
    SampledRequest Request,
    TakenLook Before,
    AnswerCopy Copy,
    HeldBytes Held,
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    IncomparableReason? Incomparable,
    long Began,
    long Ended,
    DateTimeOffset BeganAt,
    DateTimeOffset EndedAt
)
{
    public Answer Answer() => new(Status, Headers, Copy.Take());
}
