using System.Collections.Concurrent;

namespace Strangler.Projections.Applying;

/// <summary>
/// Threads that run the team's code, so that code that never returns costs one of them and nothing else. Code can't be
/// ended from outside: a thread that hangs is lost, and another one replaces it. If it returns after all, it ends.
/// Bounded: a limited number of calls wait for a thread, and the next is refused. How many threads may be lost is
/// decided by who adds calls. On disposal waiting calls are abandoned; the threads are background threads.
/// </summary>
internal sealed class GuardedThreads<T> : IDisposable
{
    private readonly string _name;
    private readonly BlockingCollection<GuardedCall<T>> _waiting;
    private readonly TimeProvider _clock;
    private int _lostCount;

    /// <param name="name">The threads' name.</param>
    /// <param name="count">How many threads run calls.</param>
    /// <param name="maxWaiting">How many calls may wait for a thread.</param>
    /// <param name="limit">How long a call may make no progress.</param>
    /// <param name="clock">The clock that measures the limit; not the one that gives the code its time.</param>
    public GuardedThreads(string name, int count, int maxWaiting, TimeSpan limit, TimeProvider clock)
    {
        (_name, _waiting, Limit, _clock) = (name, new BlockingCollection<GuardedCall<T>>(maxWaiting), limit, clock);
        for (var thread = 0; thread < count; thread++)
            Start();
    }

    /// <summary>How long a call may make no progress.</summary>
    public TimeSpan Limit { get; }

    /// <summary>The number of threads that are lost and haven't returned.</summary>
    public int LostCount => Volatile.Read(ref _lostCount);

    /// <returns>False if too many calls wait already.</returns>
    public bool TryAdd(GuardedCall<T> call) => _waiting.TryAdd(call);

    /// <summary>Waits for a call that was added.</summary>
    /// <returns>The results; if the call hangs, only those of the items before the one at which it does.</returns>
    public async Task<IReadOnlyList<T>> WaitAsync(GuardedCall<T> call, CancellationToken cancellationToken)
    {
        try
        {
            // The watch continues when nobody waits any more: a thread that doesn't return must be noticed.
            return await WatchAsync(call).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            call.Cancel();
            throw;
        }
    }

    public void Dispose() => _waiting.CompleteAdding();

    private async Task<IReadOnlyList<T>> WatchAsync(GuardedCall<T> call)
    {
        var counter = new HangCounter();
        while (true)
        {
            try
            {
                return await call.Ended.WaitAsync(Limit / HangCounter.Ticks, _clock, CancellationToken.None);
            }
            catch (TimeoutException) when (!call.Ended.IsFaulted)
            {
                if (!counter.Tick(call.Progress, call.Patience) || call.TryGiveUp() is not { } results)
                    continue;
                Interlocked.Increment(ref _lostCount);
                Start();
                return results;
            }
        }
    }

    private void Start() =>
        new Thread(() =>
        {
            foreach (var call in _waiting.GetConsumingEnumerable())
            {
                if (call.Run())
                    continue;
                Interlocked.Decrement(ref _lostCount); // another thread has replaced this one
                return;
            }
        })
        {
            IsBackground = true,
            Name = _name,
        }.Start();
}
