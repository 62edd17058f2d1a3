using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>An answer split by its route's rule.</summary>
internal abstract record AnswerSplit
{
    private AnswerSplit() { }

    /// <summary>The answer is one unit.</summary>
    /// <param name="Why">A sentence.</param>
    public sealed record Whole(string Why) : AnswerSplit;

    /// <summary>Parts in order, each key once.</summary>
    /// <param name="Items">The parts.</param>
    /// <param name="Frame">
    /// The answer with only the key left of each part: the frame covers the number and order of the parts.
    /// </param>
    public sealed record Parts(IReadOnlyList<AnswerPart> Items, Answer Frame) : AnswerSplit;
}
