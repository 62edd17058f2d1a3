using Strangler.Comparing.Paths;

namespace Strangler.Comparing.Rules;

/// <summary>
/// Which rules apply at a place in the JSON, and which may apply below. Places with the same rules share one state.
/// </summary>
internal sealed class RuleState(RuleAutomaton automaton, int[] positions)
{
    private volatile RuleSteps? _steps;

    /// <summary>The rule that ignores everything here, as it is shown.</summary>
    public string? Ignore { get; init; }

    public string? AnyOrder { get; init; }

    public string? NullIsMissing { get; init; }

    public string? IgnoreCase { get; init; }

    public string? KeyedByRule { get; init; }

    public PathPattern? KeyedBy { get; init; }

    public IReadOnlyList<(Tolerance Tolerance, string Rule)> Tolerances { get; init; } = [];

    public bool IsMap { get; init; }

    public bool IsMasked { get; init; }

    public bool IsHashed { get; init; }

    /// <summary>Whether no rule applies below.</summary>
    public bool IsLast { get; init; }

    /// <summary>Whether rules name single elements of an array here: then its elements are compared by index.</summary>
    public bool NamesElements { get; init; }

    /// <summary>Whether a tolerance may apply here or below.</summary>
    public bool Tolerates { get; init; }

    /// <summary>Positions in the patterns that can still match, in order.</summary>
    public int[] Positions => positions;

    private RuleSteps Steps => _steps ??= automaton.StepsOf(this);

    public RuleState Member(ReadOnlySpan<byte> name)
    {
        if (IsLast)
            return automaton.Nothing;
        var steps = Steps;
        foreach (var (known, state) in steps.Named)
        {
            if (name.SequenceEqual(known))
                return state;
        }
        return steps.OtherMember;
    }

    /// <summary>Any element of an array whose elements no rule names individually.</summary>
    public RuleState Element() => IsLast ? automaton.Nothing : Steps.OtherElement;

    public RuleState Element(int index, int count) =>
        IsLast ? automaton.Nothing
        : NamesElements ? automaton.ElementOf(this, index, count)
        : Steps.OtherElement;
}
