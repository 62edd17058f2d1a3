using Strangler.Comparing.Verdicts;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// What one comparison holds: the copy of its answer, the request, the projections' documents, the answers made of
/// them, and legacy's further answers. It takes them from what is reserved for it, and beyond that from what is left.
/// All of it is given back together. Whoever still asks for room then, such as a question that was given up, gets none.
/// </summary>
internal sealed class HeldBytes(CopyBudget budget) : IMemoryBudget, IByteBudget, IDisposable
{
    private readonly Lock _lock = new();
    private long _reserved;
    private long _held;
    private long _peak;
    private bool _isOver;

    /// <summary>Ends waiting for work's turn: the gateway ends.</summary>
    public CancellationToken Stopping { get; set; }

    /// <summary>The most that it held or, where it was refused, would have held at once.</summary>
    public long Peak
    {
        get
        {
            lock (_lock)
                return _peak;
        }
    }

    /// <summary>
    /// Reserves what is expected to be held in all, and gives back what was reserved beyond that. What is so large
    /// that it never fits beside work isn't reserved: it continues with what room there is, and where that is too
    /// little, its key is unproven, which one that is dropped would not be.
    /// </summary>
    /// <returns>False: there is no room now.</returns>
    public bool TryReserve(long bytes)
    {
        lock (_lock)
        {
            if (_isOver)
                return false;
            if (!budget.MayHold(bytes))
                return true;
            bytes = Math.Max(bytes, _held);
            if (bytes > _reserved && !budget.TryTake(bytes - _reserved))
                return false;
            if (bytes < _reserved)
                budget.Give(_reserved - bytes);
            _reserved = bytes;
            return true;
        }
    }

    public bool TryTake(long bytes)
    {
        lock (_lock)
        {
            _peak = Math.Max(_peak, _held + bytes);
            var more = _held + bytes - _reserved;
            if (_isOver || more > 0 && !budget.TryTake(more))
                return false;
            _held += bytes;
            _reserved = Math.Max(_reserved, _held);
            return true;
        }
    }

    /// <exception cref="BudgetSpentException">There is no room.</exception>
    public void Take(long bytes)
    {
        if (!TryTake(bytes))
            throw new BudgetSpentException();
    }

    /// <summary>Gives back a part of what was taken. It stays reserved.</summary>
    public void Give(long bytes)
    {
        lock (_lock)
        {
            if (!_isOver)
                _held -= bytes;
        }
    }

    /// <exception cref="BudgetSpentException">There is no room.</exception>
    public async ValueTask<IDisposable> WorkAsync(long bytes) => await budget.WorkAsync(bytes, Stopping);

    public void Dispose()
    {
        lock (_lock)
        {
            if (_isOver)
                return;
            _isOver = true;
            budget.Give(_reserved);
        }
    }
}
