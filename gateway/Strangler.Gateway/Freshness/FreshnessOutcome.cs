using Strangler.Evidence;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Freshness;

/// <summary>Whether documents are fresh enough for a request.</summary>
internal abstract record FreshnessOutcome
{
    private FreshnessOutcome() { }

    /// <summary>They should be. The look-up must show it.</summary>
    public sealed record Ready(FreshnessRequirement Requirement) : FreshnessOutcome;

    /// <summary>They aren't, or that couldn't be known in time.</summary>
    public sealed record Refused(CallGraphReason Reason) : FreshnessOutcome;
}
