namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The bytes that comparisons may hold, for all routes together: none is held that was not taken here before. Each
/// comparison reserves what it is expected to hold until it ends, and one for which there is no room does not begin.
/// What is left is for work that takes much for a moment (a body taken apart): a quarter, or as much as the largest
/// work of late needed. Where there is no room, nobody waits: the answer is dropped, or its comparison says that there
/// was none. Only work waits, in its order, for other work, which never waits itself.
/// </summary>
internal sealed class CopyBudget(long max)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private long _reserved;
    private long _working;
    private long _maxHeld;

    /// <summary>What is kept free for work; it falls back when nothing is held.</summary>
    private long _workRoom = max / 4;

    /// <summary>What is reserved or held.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
                return _reserved + _working;
        }
    }

    /// <summary>The most that were ever held at once.</summary>
    public long MaxHeld
    {
        get
        {
            lock (_lock)
                return _maxHeld;
        }
    }

    /// <summary>Room for what a comparison holds until it ends.</summary>
    public bool TryTake(long bytes)
    {
        lock (_lock)
        {
            if (bytes > max - _reserved - Math.Max(_workRoom, _working))
                return false;
            Reserve(bytes);
            return true;
        }
    }

    /// <summary>Whether so much may be held by one comparison, if no other one holds anything.</summary>
    public bool MayHold(long bytes)
    {
        lock (_lock)
            return bytes <= max - _workRoom;
    }

    public void Give(long bytes)
    {
        lock (_lock)
        {
            Reserve(-bytes);
            Serve();
        }
    }

    /// <summary>
    /// Room for a moment's work, which must not wait for anything that waits for room. Disposing gives it back.
    /// </summary>
    /// <exception cref="BudgetSpentException">There is none, and there may never be.</exception>
    public async ValueTask<WorkReservation> WorkAsync(long bytes, CancellationToken cancellationToken)
    {
        Waiter waiting;
        lock (_lock)
        {
            // what many routes share isn't kept for one that would take most of it
            if (bytes <= max / 2)
                _workRoom = Math.Max(_workRoom, bytes);
            if (bytes == 0 || _waiting.Count == 0 && Fits(bytes))
            {
                Work(bytes);
                return new WorkReservation(this, bytes);
            }
            if (bytes > Math.Min(_workRoom, max - _reserved))
                throw new BudgetSpentException();
            // what is reserved from now on leaves room for it, so its turn comes when other work has ended
            waiting = new Waiter(bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiting.AddLast(waiting);
        }
        await using var cancelled = cancellationToken.Register(() => Cancel(waiting, cancellationToken));
        await waiting.Begun.Task;
        return new WorkReservation(this, bytes);
    }

    private void Cancel(Waiter waiting, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (!_waiting.Remove(waiting))
                return; // its turn has come
            waiting.Begun.SetCanceled(cancellationToken);
            Serve();
        }
    }

    private void End(long bytes)
    {
        lock (_lock)
        {
            _working -= bytes;
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiting.First is { Value: var next } && Fits(next.Bytes))
        {
            _waiting.RemoveFirst();
            Work(next.Bytes);
            next.Begun.SetResult();
        }
        if (_reserved + _working == 0)
            _workRoom = max / 4;
    }

    private bool Fits(long bytes) => bytes <= max - _reserved - _working;

    private void Reserve(long bytes) => _maxHeld = Math.Max(_maxHeld, (_reserved += bytes) + _working);

    private void Work(long bytes) => _maxHeld = Math.Max(_maxHeld, _reserved + (_working += bytes));

    private sealed record Waiter(long Bytes, TaskCompletionSource Begun);

    /// <summary>Room that was taken for work.</summary>
    internal readonly record struct WorkReservation(CopyBudget Budget, long Bytes) : IDisposable
    {
        public void Dispose() => Budget.End(Bytes);
    }
}
