using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>The result of asking the lookup.</summary>
internal abstract record LookupOutcome
{
    private LookupOutcome() { }

    /// <summary>The lookup answers.</summary>
    /// <param name="Age">The watermark's age.</param>
    public sealed record Answered(Answer Answer, TimeSpan Age) : LookupOutcome;

    /// <summary>The call graph must answer.</summary>
    public sealed record CallGraph(CallGraphReason Reason) : LookupOutcome
    {
        /// <summary>The projection's reason, for <see cref="CallGraphReason.AskLegacy"/>; null otherwise.</summary>
        public string? LegacyReason { get; init; }
    }
}
