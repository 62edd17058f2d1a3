using Strangler.Evidence;
using Strangler.Projections;

namespace Strangler.Gateway.Stages;

/// <summary>Who answers a request, as far as the request and its route's stage determine it.</summary>
internal abstract record RoutingDecision
{
    private RoutingDecision() { }

    /// <summary>The call graph answers.</summary>
    public sealed record CallGraph : RoutingDecision
    {
        private static readonly CallGraph[] All =
        [
            .. Enum.GetValues<CallGraphReason>().Select(reason => new CallGraph(reason)),
        ];

        private CallGraph(CallGraphReason reason) => Reason = reason;

        public CallGraphReason Reason { get; }

        /// <summary>The exception of the team's code, for the log. Null if it threw none.</summary>
        public Exception? Thrown { get; private init; }

        /// <summary>Because the projection's key type threw instead of reporting that a text isn't a key.</summary>
        public static CallGraph BecauseKeyThrew(Exception thrown) => new(CallGraphReason.KeyThrew) { Thrown = thrown };

        public static CallGraph Because(CallGraphReason reason) => All[(int)reason];
    }

    /// <summary>The body must be read before the decision.</summary>
    public sealed record ReadBody : RoutingDecision
    {
        public static readonly ReadBody Value = new();
    }

    /// <summary>The lookup is asked.</summary>
    /// <param name="Keys">Canonical keys in the request's order, including repeats.</param>
    /// <param name="Request">The request as Respond will see it.</param>
    public sealed record FromLookup(IReadOnlyList<string> Keys, AnswerRequest Request) : RoutingDecision;
}
