using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Stages;

/// <summary>Who answers a request, as far as the request and its route's stage can say.</summary>
internal abstract record RoutingDecision
{
    private RoutingDecision() { }

    /// <summary>The call graph.</summary>
    public sealed record CallGraph : RoutingDecision
    {
        private static readonly CallGraph[] All =
        [
            .. Enum.GetValues<CallGraphReason>().Select(reason => new CallGraph(reason)),
        ];

        private CallGraph(CallGraphReason reason) => Reason = reason;

        public CallGraphReason Reason { get; }

        /// <summary>What the team's code threw, for the log; null: nothing.</summary>
        public Exception? Thrown { get; private init; }

        /// <summary>Because the projection's key type threw where it was to say that a text is not a key.</summary>
        public static CallGraph BecauseKeyThrew(Exception thrown) => new(CallGraphReason.KeyThrew) { Thrown = thrown };

        public static CallGraph Because(CallGraphReason reason) => All[(int)reason];
    }

    /// <summary>The body has to be read before anything more can be said.</summary>
    public sealed record ReadBody : RoutingDecision
    {
        public static readonly ReadBody Value = new();
    }

    /// <summary>The lookup is asked.</summary>
    /// <param name="Keys">Canonical keys in the request's order, repeats included.</param>
    /// <param name="Request">What Respond will see.</param>
    public sealed record FromLookup(IReadOnlyList<string> Keys, AnswerRequest Request) : RoutingDecision;
}
