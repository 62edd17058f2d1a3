namespace Strangler.Evidence.Gates;

/// <summary>Whether a route may change to a stage.</summary>
internal abstract record GateDecision
{
    private GateDecision() { }

    public sealed record Open : GateDecision
    {
        public static readonly Open Value = new();
    }

    /// <param name="Missing">Every rule that is not kept; at least one.</param>
    public sealed record Refused(IReadOnlyList<GateRule> Missing) : GateDecision;
}
