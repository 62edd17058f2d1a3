namespace Strangler.ChangeLog;

/// <summary>
/// How far a source's readers want the log to be. A wish ends after a second: who still waits repeats it. Thread-safe.
/// </summary>
public sealed class WantedProgress(TimeProvider time)
{
    /// <summary>How long a wish counts.</summary>
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource _raised = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Lsn? _before;
    private long _at;

    /// <summary>The furthest LSN that somebody waits for; null if nobody does.</summary>
    public Lsn? Before
    {
        get
        {
            lock (_lock)
                return time.GetElapsedTime(_at) < Patience ? _before : null;
        }
    }

    /// <summary>Completes at the next wish, even if nothing further is wanted.</summary>
    public Task Raised()
    {
        lock (_lock)
            return _raised.Task;
    }

    /// <summary>A reader waits for everything before an LSN.</summary>
    public void Raise(Lsn before)
    {
        TaskCompletionSource raised;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            if (_before is not { } current || before >= current || time.GetElapsedTime(_at, now) >= Patience)
                (_before, _at) = (before, now);
            (raised, _raised) = (_raised, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        raised.SetResult();
    }
}
