namespace Strangler.Projections.Applying;

/// <summary>
/// A call of the team's code for several items in order, on a thread to which it may never return. That thread and the
/// watching side agree under a lock on its end: either it ends, or it is given up.
/// </summary>
/// <param name="count">The number of items.</param>
/// <param name="call">
/// Calls the code for the item with this index. It may report progress, which each finished item is too.
/// </param>
/// <param name="patience">How many limits may pass until it first makes progress.</param>
internal sealed class GuardedCall<T>(int count, Func<int, Action, T> call, int patience = 1)
{
    private readonly Lock _gate = new();
    private readonly List<T> _results = new(count);
    private readonly TaskCompletionSource<IReadOnlyList<T>> _ended = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private volatile bool _cancelled;
    private volatile bool _begun;
    private bool _givenUp;
    private int _progress;

    /// <summary>The results; never completes if the call is given up.</summary>
    public Task<IReadOnlyList<T>> Ended => _ended.Task;

    /// <summary>Rises while the call makes progress; null while it waits for a thread.</summary>
    public int? Progress => _begun ? Volatile.Read(ref _progress) : null;

    /// <summary>How many limits may pass until it makes progress again.</summary>
    public int Patience => Volatile.Read(ref _progress) == 0 ? patience : 1;

    /// <summary>Leaves out the items that haven't begun; nobody waits for the results any more.</summary>
    public void Cancel() => _cancelled = true;

    /// <returns>
    /// The results of the items before the one at which it hangs; null if it ends at this very moment.
    /// </returns>
    public IReadOnlyList<T>? TryGiveUp()
    {
        lock (_gate)
        {
            _givenUp = _results.Count < count && !_ended.Task.IsCompleted;
            return _givenUp ? _results : null;
        }
    }

    /// <returns>False if it was given up.</returns>
    public bool Run()
    {
        _begun = true;
        Exception? defect = null;
        try
        {
            Action progressed = () => Interlocked.Increment(ref _progress);
            for (var index = 0; index < count && !_cancelled; index++)
            {
                var result = call(index, progressed);
                lock (_gate)
                {
                    if (_givenUp)
                        return false;
                    _results.Add(result);
                }
                progressed();
            }
        }
        // A bug of ours on this thread must reach the waiting side instead of silently ending the process.
#pragma warning disable CA1031
        catch (Exception exception)
#pragma warning restore CA1031
        {
            defect = exception;
        }
        lock (_gate)
        {
            if (_givenUp)
                return false;
            if (defect is not null)
                _ended.SetException(defect);
            else
                _ended.SetResult(_results);
            return true;
        }
    }
}
