using System.Collections.Concurrent;
using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// The thread on which f runs, so that an f that never returns blocks only itself. Code can't be ended from outside:
/// after an overrun the thread is lost, and the process has to end. It runs one piece of work at a time, without a
/// queue.
/// </summary>
internal sealed class FunctionThread : IDisposable
{
    // The watching side counts the limit in ticks: while the process doesn't run at all, f doesn't run either, and that
    // time must not count.
    private const int Ticks = 8;
    private readonly BlockingCollection<Action> _work = new(1);
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private int _index;

    /// <param name="limit">How long f may take for one key.</param>
    /// <param name="clock">The clock that measures the limit; not the one that gives f its time.</param>
    public FunctionThread(TimeSpan limit, TimeProvider clock)
    {
        (_limit, _clock) = (limit, clock);
        new Thread(() =>
        {
            foreach (var work in _work.GetConsumingEnumerable())
                work();
        })
        {
            IsBackground = true,
            Name = "f",
        }.Start();
    }

    /// <summary>Computes all keys in order.</summary>
    /// <exception cref="KeyOverrunException">One of them took longer than the limit.</exception>
    public async Task<IReadOnlyList<KeyOutcome>> ComputeAsync(
        BoundProjection projection,
        IReadOnlyList<KeyRows> keys,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var done = new TaskCompletionSource<IReadOnlyList<KeyOutcome>>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        Volatile.Write(ref _index, 0);
        _work.Add(
            () =>
            {
                try
                {
                    var outcomes = new List<KeyOutcome>(keys.Count);
                    foreach (var key in keys)
                    {
                        outcomes.Add(FunctionRunner.Compute(projection, key, now));
                        Interlocked.Increment(ref _index);
                    }
                    done.SetResult(outcomes);
                }
                // A bug of ours on this thread must reach the waiting side instead of silently ending the process.
#pragma warning disable CA1031
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    done.SetException(exception);
                }
            },
            cancellationToken
        );

        var (seen, ticks) = (-1, 0);
        while (true)
        {
            try
            {
                return await done.Task.WaitAsync(_limit / Ticks, _clock, cancellationToken);
            }
            catch (TimeoutException) when (!done.Task.IsFaulted)
            {
                var index = Volatile.Read(ref _index);
                (seen, ticks) = index == seen ? (seen, ticks + 1) : (index, 0);
                if (ticks >= Ticks && index < keys.Count)
                    throw new KeyOverrunException(projection, keys[index], _limit);
            }
        }
    }

    public void Dispose() => _work.CompleteAdding();
}
