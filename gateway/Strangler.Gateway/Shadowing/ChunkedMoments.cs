using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Splits a question with more keys than allowed into several. They have the same bracket: both looks are the same, so
/// its beginning and end follow from the log alone. If two questions nevertheless find different ones, the source
/// started over in between, and nothing can be concluded.
/// </summary>
internal sealed class ChunkedMoments(IMoments inner) : IMoments
{
    /// <summary>The number of keys that projections accept in one question.</summary>
    public const int MaxKeys = 100;

    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        if (question.Keys.Count <= MaxKeys)
            return await inner.EvaluateAsync(question, cancellationToken);
        BracketFound.Evaluated? first = null;
        var keys = new List<KeyMoments>(question.Keys.Count);
        foreach (var part in question.Keys.Chunk(MaxKeys))
        {
            var found = await inner.EvaluateAsync(question with { Keys = part }, cancellationToken);
            if (found is not BracketFound.Evaluated evaluated)
                return found;
            first ??= evaluated;
            if ((evaluated.From, evaluated.To) != (first.From, first.To))
                return new BracketFound.Undetermined(
                    UndeterminedReason.EpochChanged,
                    "Two questions about the same bracket found different ones."
                );
            keys.AddRange(evaluated.Keys);
        }
        return first! with { Keys = keys };
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        inner.ExplainAsync(question, cancellationToken);
}
