namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The bytes that comparisons may hold, for all routes together: each byte is taken here before it is held. Each
/// comparison reserves what it is expected to hold until it ends, and doesn't begin if there is no room. The rest is
/// for temporary work that takes much memory (such as parsing a body): a quarter, or as much as the largest recent work
/// needed. If there is no room, nothing waits: the answer is dropped, or its comparison reports it. Only work waits, in
/// order, for other work, which never waits itself.
/// </summary>
internal sealed class CopyBudget(long max)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<Waiter> _waiting = new();
    private long _reserved;
    private long _working;
    private long _maxHeld;

    /// <summary>The bytes kept free for work. Reset when nothing is held.</summary>
    private long _workRoom = max / 4;

    /// <summary>The bytes that are reserved or held.</summary>
    public long Held
    {
        get
        {
            lock (_lock)
                return _reserved + _working;
        }
    }

    /// <summary>The maximum that was ever held at once.</summary>
    public long MaxHeld
    {
        get
        {
            lock (_lock)
                return _maxHeld;
        }
    }

    /// <summary>Takes room for what a comparison holds until it ends.</summary>
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

    /// <summary>Whether one comparison may hold this much, if no other one holds anything.</summary>
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
    /// Takes room for temporary work, which must not wait for anything that waits for room. Disposing gives it back.
    /// </summary>
    /// <exception cref="BudgetSpentException">There is no room, and there may never be.</exception>
    public async ValueTask<WorkReservation> WorkAsync(long bytes, CancellationToken cancellationToken)
    {
        Waiter waiting;
        lock (_lock)
        {
            // a budget shared by many routes isn't kept for one that would take most of it
            if (bytes <= max / 2)
                _workRoom = Math.Max(_workRoom, bytes);
            if (bytes == 0 || _waiting.Count == 0 && Fits(bytes))
            {
                Work(bytes);
                return new WorkReservation(this, bytes);
            }
            if (bytes > Math.Min(_workRoom, max - _reserved))
                throw new BudgetSpentException();
            // later reservations leave room for it, so its turn comes when other work has ended
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

    /// <summary>Room taken for work.</summary>
    internal readonly record struct WorkReservation(CopyBudget Budget, long Bytes) : IDisposable
    {
        public void Dispose() => Budget.End(Bytes);
    }
}
