using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Asks for more keys than a question may have in several questions. It stays one bracket: both looks are the same, so
/// where it begins and ends follows from the log alone. Should that differ between two questions all the same, the
/// source started over in between, and nothing may be said.
/// </summary>
internal sealed class ChunkedMoments(IMoments inner) : IMoments
{
    /// <summary>Keys that projections take in one question.</summary>
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
                    "Two questions about one bracket found two."
                );
            keys.AddRange(evaluated.Keys);
        }
        return first! with { Keys = keys };
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        inner.ExplainAsync(question, cancellationToken);
}
