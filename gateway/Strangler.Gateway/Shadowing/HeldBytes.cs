using Strangler.Gateway.Comparing;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// What one comparison holds besides the copy of its answer: the request, the projections' documents, the answers made of them, and legacy's further answers. All of it is given back together. Whoever still asks for room then,
/// such as a question that was given up, gets none.
/// </summary>
internal sealed class HeldBytes(CopyBudget budget) : IRoom, IByteBudget, IDisposable
{
    private readonly Lock _turn = new();
    private long _held;
    private bool _isOver;

    /// <summary>Ends waiting for work's turn: the gateway ends.</summary>
    public CancellationToken Stopping { get; set; }

    /// <summary>Of what is new, and is refused first.</summary>
    public bool TryTakeNew(long bytes) => TryTake(bytes, isNew: true);

    public bool TryTake(long bytes) => TryTake(bytes, isNew: false);

    /// <exception cref="BudgetSpentException">There is no room.</exception>
    public void Take(long bytes)
    {
        if (!TryTake(bytes)) throw new BudgetSpentException();
    }

    /// <summary>Gives back a part of what was taken.</summary>
    public void Give(long bytes)
    {
        lock (_turn)
        {
            if (_isOver) return;
            _held -= bytes;
            budget.Give(bytes);
        }
    }

    /// <exception cref="BudgetSpentException">There is no room.</exception>
    public async ValueTask<IDisposable> WorkAsync(long bytes) => await budget.WorkAsync(bytes, Stopping);

    public void Dispose()
    {
        lock (_turn)
        {
            if (_isOver) return;
            _isOver = true;
            budget.Give(_held);
        }
    }

    private bool TryTake(long bytes, bool isNew)
    {
        lock (_turn)
        {
            if (_isOver || !(isNew ? budget.TryTakeNew(bytes) : budget.TryTake(bytes))) return false;
            _held += bytes;
            return true;
        }
    }
}
