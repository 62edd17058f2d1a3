namespace Strangler.Comparing.Verdicts;

/// <summary>What a step of a comparison showed.</summary>
internal abstract record ComparisonOutcome
{
    private ComparisonOutcome() { }

    /// <summary>An answer was compared with the moments of its bracket.</summary>
    /// <param name="Findings">What was found about each open unit.</param>
    /// <param name="Busy">The units that changed within the bracket.</param>
    public sealed record Compared(IReadOnlyList<(Unit Unit, Finding Finding)> Findings, IReadOnlyList<Unit> Busy)
        : ComparisonOutcome;

    /// <summary>Verdicts that follow; units without one stay open.</summary>
    public sealed record Judged(IReadOnlyList<(Unit Unit, PartVerdict Judged)> Verdicts) : ComparisonOutcome;

    /// <summary>Legacy has answered each time.</summary>
    public sealed record Answered : ComparisonOutcome;

    /// <summary>Legacy may not be asked again now.</summary>
    public sealed record NotPermitted : ComparisonOutcome;

    /// <summary>The step could not be done.</summary>
    public sealed record Unknown(Doubt Reason, string Detail) : ComparisonOutcome;
}
