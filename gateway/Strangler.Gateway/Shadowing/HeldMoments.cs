using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Moments whose documents count among what their comparison holds.</summary>
internal sealed class HeldMoments(IMoments inner, HeldBytes held) : IMoments
{
    /// <exception cref="BudgetSpentException">There is no room for the documents.</exception>
    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        var budget = new Refusing(held);
        BracketFound found;
        try
        {
            found = await inner.EvaluateAsync(question with { Budget = budget }, cancellationToken);
        }
        catch (MomentsUnavailableException) when (budget.HasRefused)
        {
            throw new BudgetSpentException();
        }
        if (found is not BracketFound.Evaluated evaluated) return found;
        foreach (var key in evaluated.Keys)
        {
            foreach (var moment in key.Moments) Take(moment.Made);
            foreach (var mix in key.Mixes) Take(mix);
        }
        return found;
    }

    public ValueTask<Explained> ExplainAsync(ExplainQuestion question, CancellationToken cancellationToken) => inner.ExplainAsync(question, cancellationToken);

    private void Take(Made made)
    {
        if (made is Made.Document document) held.Take(document.Bytes.Length);
    }

    /// <summary>Remembers that there was no room.</summary>
    private sealed class Refusing(HeldBytes held) : IByteBudget
    {
        public bool HasRefused { get; private set; }

        public bool TryTake(long bytes)
        {
            if (held.TryTake(bytes)) return true;
            HasRefused = true;
            return false;
        }

        public void Give(long bytes) => held.Give(bytes);
    }
}
