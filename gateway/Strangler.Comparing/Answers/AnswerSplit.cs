using Strangler.Projections;

namespace Strangler.Comparing.Answers;

/// <summary>An answer taken apart by the rule of its route.</summary>
internal abstract record AnswerSplit
{
    private AnswerSplit() { }

    /// <summary>The answer is one unit.</summary>
    /// <param name="Why">A sentence.</param>
    public sealed record Whole(string Why) : AnswerSplit;

    /// <summary>Parts in their order, each key once.</summary>
    /// <param name="Items">The parts.</param>
    /// <param name="Frame">
    /// The answer with nothing left of each part but its key: count and order of the parts are the frame's.
    /// </param>
    public sealed record Parts(IReadOnlyList<AnswerPart> Items, Answer Frame) : AnswerSplit;
}
