using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Moments whose documents count toward the memory of their comparison. Questions of one comparison mostly find the
/// same documents, which are held and counted once.
/// </summary>
internal sealed class BudgetedMoments(IMoments inner, HeldBytes held) : IMoments
{
    private readonly Dictionary<(int Length, int Hash), Made.Document> _documents = [];

    /// <exception cref="BudgetSpentException">There is no room for the documents.</exception>
    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        var budget = new RefusalTracker(held);
        BracketFound found;
        try
        {
            found = await inner.EvaluateAsync(question with { Budget = budget }, cancellationToken);
        }
        catch (MomentsUnavailableException) when (budget.HasRefused)
        {
            throw new BudgetSpentException();
        }
        if (found is not BracketFound.Evaluated evaluated)
            return found;
        return evaluated with { Keys = [.. evaluated.Keys.Select(Hold)] };
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) =>
        inner.ExplainAsync(question, cancellationToken);

    private KeyMoments Hold(KeyMoments key) =>
        key with
        {
            Moments = [.. key.Moments.Select(moment => moment with { Made = Hold(moment.Made) })],
            Mixes = [.. key.Mixes.Select(Hold)],
            Engine = key.Engine is { } engine ? Hold(engine) : null,
        };

    private Made Hold(Made made)
    {
        if (made is not Made.Document document)
            return made;
        var hash = new HashCode();
        hash.AddBytes(document.Bytes.Span);
        var name = (document.Bytes.Length, hash.ToHashCode());
        var isKnown = _documents.TryGetValue(name, out var known);
        if (isKnown && known!.Bytes.Span.SequenceEqual(document.Bytes.Span))
            return known;
        held.Take(document.Bytes.Length);
        return _documents[name] = document;
    }

    /// <summary>Remembers whether room was refused.</summary>
    private sealed class RefusalTracker(HeldBytes held) : IByteBudget
    {
        public bool HasRefused { get; private set; }

        public bool TryTake(long bytes)
        {
            if (held.TryTake(bytes))
                return true;
            HasRefused = true;
            return false;
        }

        public void Give(long bytes) => held.Give(bytes);
    }
}
