using Strangler.Gateway.Admin;

namespace Strangler.Cli.Up;

/// <summary>
/// The states of all parts, and the listeners that are told about them. A listener that doesn't read gets the newest
/// states when it does; nothing is queued. One that reads is told at most a few times a second, however often parts log
/// errors.
/// </summary>
internal sealed class PartBoard(TimeProvider time)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(200);
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PartState> _states = new(StringComparer.Ordinal);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Changes the state of a part. Before its first change, the part runs for the first time.</summary>
    public void Change(string part, Func<PartState, PartState> change)
    {
        TaskCompletionSource changed;
        lock (_lock)
        {
            _states[part] = change(
                _states.GetValueOrDefault(part)
                    ?? new PartState(part, IsRunning: true, time.GetUtcNow(), null, [], null)
            );
            (changed, _changed) = (_changed, new(TaskCreationOptions.RunContinuationsAsynchronously));
        }
        changed.SetResult();
    }

    /// <summary>Writes a line now and after each change, until it is cancelled.</summary>
    public async Task TellAsync(Func<string, Task> write, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                IReadOnlyList<PartState> states;
                Task changed;
                lock (_lock)
                    (states, changed) = (
                        [.. _states.Values.OrderBy(state => state.Part, StringComparer.Ordinal)],
                        _changed.Task
                    );
                // A listener that hangs blocks only its own line: the wait ends when its process does.
                await write(PartState.ToLine(states)).WaitAsync(cancellationToken);
                await Task.Delay(Pace, time, cancellationToken);
                await changed.WaitAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested) { } // the normal end
    }
}
