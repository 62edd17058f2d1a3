using Strangler.Projections.Applying;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Moments;

/// <summary>
/// Runs f at moments, on threads of its own: an f that never returns must not block the applier. Once eight threads are
/// lost, questions that need f are refused until one returns. Bounded: at most 64 pieces of work wait, and the next is
/// refused. On disposal waiting work is abandoned.
/// </summary>
/// <param name="limit">How long f may take for one key.</param>
/// <param name="clock">The clock that measures the limit; not the one that gives f its time.</param>
internal sealed class MomentWorkers(TimeSpan limit, TimeProvider clock) : IDisposable
{
    private const int ThreadCount = 2;
    private const int MaxLost = 8;
    private const int MaxWaiting = 64;
    private readonly GuardedThreads<IReadOnlyList<ClockRun>?> _threads = new(
        "f at moments",
        ThreadCount,
        MaxWaiting,
        limit,
        clock
    );

    /// <summary>Runs f for states of keys, at all clocks of each.</summary>
    /// <param name="known">Keys for which f isn't run, with the result to return instead.</param>
    /// <returns>For each state f's results; null if f would have to run too often.</returns>
    /// <exception cref="MomentsUnavailableException">
    /// Too much work waits already, or too many threads don't return.
    /// </exception>
    public async Task<IReadOnlyList<IReadOnlyList<ClockRun>?>> RunAsync(
        BoundProjection projection,
        IReadOnlyList<KeyRows> states,
        DateTimeOffset from,
        DateTimeOffset to,
        IReadOnlyDictionary<string, Made> known,
        CancellationToken cancellationToken
    )
    {
        var results = new List<IReadOnlyList<ClockRun>?>(states.Count);
        var given = new Dictionary<string, Made>(known, StringComparer.Ordinal);
        while (results.Count < states.Count)
        {
            if (given.TryGetValue(states[results.Count].Key, out var made))
            {
                results.Add([new ClockRun(from, made)]);
                continue;
            }
            KeyRows[] next = [.. states.Skip(results.Count).TakeWhile(state => !given.ContainsKey(state.Key))];
            var call = new GuardedCall<IReadOnlyList<ClockRun>?>(
                next.Length,
                (index, progressed) => ClockRuns.Run(projection, next[index], from, to, progressed)
            );
            if (_threads.LostCount >= MaxLost)
                throw new MomentsUnavailableException(
                    $"{MaxLost} computations of moments do not return; no more are started until one does."
                );
            if (!_threads.TryAdd(call))
                throw new MomentsUnavailableException("Too many computations of moments are waiting already.");
            var done = await _threads.WaitAsync(call, cancellationToken);
            results.AddRange(done);
            if (done.Count < next.Length)
            {
                var hanging = next[done.Count];
                given[hanging.Key] = ClockRuns.Threw(KeyOverrunException.Text(projection, hanging, _threads.Limit));
            }
        }
        return results;
    }

    public void Dispose() => _threads.Dispose();
}
