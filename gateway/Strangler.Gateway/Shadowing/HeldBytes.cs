using Strangler.Comparing.Verdicts;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The memory of one comparison: the copy of its answer, the request, the projections' documents, the answers made from
/// them, and legacy's further answers. It comes from the comparison's reservation, and beyond that from what is left.
/// All of it is given back together. Later requests for room, such as from an abandoned question, are refused.
/// </summary>
internal sealed class HeldBytes(CopyBudget budget) : IMemoryBudget, IByteBudget, IDisposable
{
    private readonly Lock _lock = new();
    private long _reserved;
    private long _held;
    private long _peak;
    private bool _isOver;

    /// <summary>Cancels waiting for room for work when the gateway stops.</summary>
    public CancellationToken Stopping { get; set; }

    /// <summary>The maximum that it held at once or, if it was refused, would have held.</summary>
    public long Peak
    {
        get
        {
            lock (_lock)
                return _peak;
        }
    }

    /// <summary>
    /// Reserves the expected total, and gives back what was reserved beyond that. A total that is too large to ever fit
    /// beside work isn't reserved: the comparison continues with the room that is left. If that isn't enough, its key
    /// is unproven, which it wouldn't be if the comparison were dropped.
    /// </summary>
    /// <returns>False if there is no room now.</returns>
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

    /// <summary>Gives back part of what was taken. It stays reserved.</summary>
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
