using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>Moments whose documents count among what their comparison holds.</summary>
internal sealed class HeldMoments(IMoments inner, HeldBytes held) : IMoments
{
    /// <exception cref="BudgetSpentException">There is no room for the documents.</exception>
    public async ValueTask<BracketFound> EvaluateAsync(BracketQuestion question, CancellationToken cancellationToken)
    {
        var found = await inner.EvaluateAsync(question, cancellationToken);
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
}
