namespace Strangler.Gateway.Shadowing;

/// <summary>What one comparison holds besides the copy of its answer: the request's body, the projections' documents, the answers made of them, and legacy's further answers. All of it is given back together.</summary>
internal sealed class HeldBytes(CopyBudget budget) : IDisposable
{
    private long _held;

    public bool TryTake(int bytes)
    {
        if (!budget.TryTake(bytes)) return false;
        Interlocked.Add(ref _held, bytes);
        return true;
    }

    /// <exception cref="BudgetSpentException">There is no room.</exception>
    public void Take(int bytes)
    {
        if (!TryTake(bytes)) throw new BudgetSpentException();
    }

    public void Dispose() => budget.Give(Interlocked.Exchange(ref _held, 0));
}
