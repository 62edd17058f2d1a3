using Strangler.Projections.Binding;
using Strangler.Projections.Declaring;
using Strangler.Projections.Storing;

namespace Strangler.Projections.Applying;

/// <summary>
/// The thread on which the applier runs f. After an overrun the process has to end, and with it the thread that is
/// lost. It runs one piece of work at a time, without a queue.
/// </summary>
/// <param name="limit">How long f may take for one key; five times as long for a projection's first one.</param>
/// <param name="clock">The clock that measures the limit; not the one that gives f its time.</param>
internal sealed class FunctionThread(TimeSpan limit, TimeProvider clock) : IDisposable
{
    // Within its first key all of the team's code is compiled, which may take seconds on a busy machine.
    private const int FirstPatience = 5;
    private readonly HashSet<ProjectionModel> _compiled = [];
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
            (index, _) => FunctionRunner.Compute(projection, keys[index], now),
            _compiled.Contains(projection.Model) ? 1 : FirstPatience
        );
        if (!_thread.TryAdd(call))
            throw new InvalidOperationException("The thread of f already has work that waits.");
        var outcomes = await _thread.WaitAsync(call, cancellationToken);
        if (outcomes.Count > 0)
            _compiled.Add(projection.Model);
        return outcomes.Count == keys.Count
            ? outcomes
            : throw new KeyOverrunException(projection, keys[outcomes.Count], _thread.Limit);
    }

    public void Dispose() => _thread.Dispose();
}
