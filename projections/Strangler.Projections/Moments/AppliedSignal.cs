using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>
/// How far this process's applier has come. The applier signals after each step, and all waiting callers then look. It
/// remembers when it passed the last positions, and forgets the oldest.
/// </summary>
internal sealed class AppliedSignal(TimeProvider time)
{
    private const int Kept = 4_096;
    private readonly Lock _lock = new();
    private readonly List<(Position Through, DateTimeOffset At)> _passed = [];
    private TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Position _through;

    public Position Through
    {
        get
        {
            lock (_lock)
                return _through; // three words, which aren't read atomically
        }
    }

    /// <summary>Reports the applier's position, which is before the last one if the mirror was thrown away.</summary>
    public void Applied(Position through)
    {
        TaskCompletionSource moved;
        lock (_lock)
        {
            if (through == _through && _passed.Count > 0)
                return;
            if (through < _through)
                _passed.Clear();
            if (_passed.Count >= Kept)
                _passed.RemoveRange(0, Kept / 2);
            _passed.Add((through, time.GetUtcNow()));
            _through = through;
            (moved, _moved) = (_moved, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        moved.SetResult();
    }

    /// <summary>Completes at the next step that moves the position.</summary>
    public Task Moved()
    {
        lock (_lock)
            return _moved.Task;
    }

    /// <summary>
    /// When <paramref name="position"/>, which has been passed, was passed; the oldest remembered time if that was
    /// earlier.
    /// </summary>
    public DateTimeOffset PassedAt(Position position)
    {
        lock (_lock)
        {
            var (low, high) = (0, _passed.Count - 1);
            while (low < high)
            {
                var middle = (low + high) / 2;
                if (_passed[middle].Through >= position)
                    high = middle;
                else
                    low = middle + 1;
            }
            return _passed.Count == 0 ? time.GetUtcNow() : _passed[low].At;
        }
    }
}
