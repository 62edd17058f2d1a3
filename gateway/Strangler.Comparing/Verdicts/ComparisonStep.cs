namespace Strangler.Comparing.Verdicts;

/// <summary>
/// A step of a comparison. The answers are the last two of legacy; at first, both are the sampled one.
/// </summary>
internal abstract record ComparisonStep
{
    private ComparisonStep() { }

    /// <summary>Compares each unit of the sampled answer with the moments of its bracket.</summary>
    public sealed record CompareMoments : ComparisonStep;

    /// <summary>Compares units that equal no moment with mixes of the same bracket.</summary>
    public sealed record CompareMixes(IReadOnlyList<Unit> Units) : ComparisonStep;

    /// <summary>Asks legacy again.</summary>
    /// <param name="Times">How often in a row.</param>
    /// <param name="Pause">Which pause comes first; 0: none.</param>
    public sealed record AskAgain(int Times, int Pause) : ComparisonStep;

    /// <summary>Compares the last two answers with the bracket around both.</summary>
    public sealed record ComparePair : ComparisonStep;

    /// <summary>Confirms wrong verdicts, and finds their causes.</summary>
    public sealed record Diagnose(IReadOnlyList<(Unit Unit, PartVerdict Judged)> Wrong) : ComparisonStep;

    /// <summary>Compares the last answer with its own bracket: it alone may equal a moment of its call.</summary>
    public sealed record CompareLast : ComparisonStep;

    /// <summary>Every unit has its verdict.</summary>
    public sealed record End : ComparisonStep;
}
