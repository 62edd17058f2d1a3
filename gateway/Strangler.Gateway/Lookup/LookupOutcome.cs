using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>What asking the lookup came to.</summary>
internal abstract record LookupOutcome
{
    private LookupOutcome() { }

    /// <summary>It answers.</summary>
    /// <param name="Age">The watermark's age.</param>
    public sealed record Answered(Answer Answer, TimeSpan Age) : LookupOutcome;

    /// <summary>The call graph must.</summary>
    public sealed record CallGraph(CallGraphReason Reason) : LookupOutcome;
}
