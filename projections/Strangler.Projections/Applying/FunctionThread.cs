using Strangler.Projections.Binding;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// The thread on which the applier runs f. After an overrun the process has to end, and with it the thread that is
/// lost. It runs one piece of work at a time, without a queue.
/// </summary>
/// <param name="limit">How long f may take for one key.</param>
/// <param name="clock">The clock that measures the limit; not the one that gives f its time.</param>
internal sealed class FunctionThread(TimeSpan limit, TimeProvider clock) : IDisposable
{
    private readonly GuardedThreads<KeyOutcome> _thread = new("f", count: 1, maxWaiting: 1, limit, clock);

    /// <summary>Computes all keys in order.</summary>
    /// <exception cref="KeyOverrunException">One of them took longer than the limit.</exception>
    public async Task<IReadOnlyList<KeyOutcome>> ComputeAsync(
        BoundProjection projection,
        IReadOnlyList<KeyRows> keys,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var call = new GuardedCall<KeyOutcome>(
            keys.Count,
            (index, _) => FunctionRunner.Compute(projection, keys[index], now)
        );
        if (!_thread.TryAdd(call))
            throw new InvalidOperationException("The thread of f already has work that waits.");
        var outcomes = await _thread.WaitAsync(call, cancellationToken);
        return outcomes.Count == keys.Count
            ? outcomes
            : throw new KeyOverrunException(projection, keys[outcomes.Count], _thread.Limit);
    }

    public void Dispose() => _thread.Dispose();
}
