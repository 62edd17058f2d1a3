namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The bytes that comparisons may hold, for all routes together, and all of them: none is held that was not taken here before, or counted as soon as its number is known. Three uses share them, and those that have got furthest come
/// first: copies of new answers may fill half of it, what comparisons under way hold three quarters, and the rest is for work that takes much for a moment (a body taken apart). Where there is no room, nobody waits:
/// the answer is dropped, or its comparison says that there was none. Only work waits, in its order, for other work, which never waits itself.
/// </summary>
internal sealed class CopyBudget(long max)
{
    private readonly Lock _turn = new();
    private readonly LinkedList<Waiting> _waiting = new();
    private long _held;
    private long _maxHeld;

    public long Held
    {
        get { lock (_turn) return _held; }
    }

    /// <summary>The most that were ever held at once.</summary>
    public long MaxHeld
    {
        get { lock (_turn) return _maxHeld; }
    }

    /// <summary>Room for what is new; it is refused first.</summary>
    public bool TryTakeNew(long bytes) => TryTake(bytes, max / 2);

    /// <summary>Room for what a comparison under way holds.</summary>
    public bool TryTake(long bytes) => TryTake(bytes, max / 4 * 3);

    public void Give(long bytes)
    {
        lock (_turn)
        {
            _held -= bytes;
            Serve();
        }
    }

    /// <summary>Room for a moment's work, which must not wait for anything that waits for room. Disposing gives it back.</summary>
    /// <exception cref="BudgetSpentException">There is none, and there may never be.</exception>
    public async ValueTask<WorkRoom> WorkAsync(long bytes, CancellationToken cancellationToken)
    {
        Waiting waiting;
        lock (_turn)
        {
            if (bytes == 0 || _waiting.Count == 0 && Fits(bytes, max))
            {
                Hold(bytes);
                return new WorkRoom(this, bytes);
            }
            // what needs no more than the quarter that is kept free for work has its turn when other work has ended
            if (bytes > max / 4) throw new BudgetSpentException();
            waiting = new Waiting(bytes, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiting.AddLast(waiting);
        }
        await using var cancelled = cancellationToken.Register(() => Cancel(waiting, cancellationToken));
        await waiting.Begun.Task;
        return new WorkRoom(this, bytes);
    }

    private void Cancel(Waiting waiting, CancellationToken cancellationToken)
    {
        lock (_turn)
        {
            if (!_waiting.Remove(waiting)) return; // its turn has come
            waiting.Begun.SetCanceled(cancellationToken);
            Serve();
        }
    }

    private void Serve()
    {
        while (_waiting.First is { Value: var next } && Fits(next.Bytes, max))
        {
            _waiting.RemoveFirst();
            Hold(next.Bytes);
            next.Begun.SetResult();
        }
    }

    private bool TryTake(long bytes, long limit)
    {
        lock (_turn)
        {
            if (!Fits(bytes, limit)) return false;
            Hold(bytes);
            return true;
        }
    }

    private bool Fits(long bytes, long limit) => bytes <= limit - _held;

    private void Hold(long bytes) => _maxHeld = Math.Max(_maxHeld, _held += bytes);

    private sealed record Waiting(long Bytes, TaskCompletionSource Begun);

    /// <summary>Room that was taken for work.</summary>
    internal readonly record struct WorkRoom(CopyBudget Budget, long Bytes) : IDisposable
    {
        public void Dispose() => Budget.Give(Bytes);
    }
}
