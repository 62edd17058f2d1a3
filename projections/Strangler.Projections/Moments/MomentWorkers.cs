using System.Collections.Concurrent;
using Strangler.Projections.Applying;
using Strangler.Projections.Binding;

namespace Strangler.Projections.Moments;

/// <summary>
/// Threads that run f at moments, separate from the applier's, so that an f that never returns costs one of these
/// threads and nothing else. Another thread replaces it, up to a bound; once that many are lost, questions that need f
/// are refused until one returns. Bounded: at most 64 pieces of work wait, and the next is refused. On disposal waiting
/// work is abandoned; the threads are background threads.
/// </summary>
internal sealed class MomentWorkers : IDisposable
{
    private const int Threads = 2;
    private const int MaxStuck = 8;
    private const int MaxWaiting = 64;

    // Counted as in FunctionThread: while the process doesn't run, f doesn't run either, and that time must not count.
    private const int Ticks = 8;
    private readonly BlockingCollection<Job> _jobs = new(MaxWaiting);
    private readonly TimeSpan _limit;
    private readonly TimeProvider _clock;
    private int _stuck;

    /// <param name="limit">How long f may take for one key.</param>
    /// <param name="clock">The clock that measures the limit; not the one that gives f its time.</param>
    public MomentWorkers(TimeSpan limit, TimeProvider clock)
    {
        (_limit, _clock) = (limit, clock);
        for (var thread = 0; thread < Threads; thread++)
            Start();
    }

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
            var key = states[results.Count].Key;
            if (given.TryGetValue(key, out var made))
            {
                results.Add([new ClockRun(from, made)]);
                continue;
            }
            var job = new Job(
                projection,
                [.. states.Skip(results.Count).TakeWhile(state => !given.ContainsKey(state.Key))],
                from,
                to
            );
            if (Volatile.Read(ref _stuck) >= MaxStuck)
                throw new MomentsUnavailableException(
                    $"{MaxStuck} computations of moments do not return; no more are started until one does."
                );
            if (!_jobs.TryAdd(job))
                throw new MomentsUnavailableException("Too many computations of moments are waiting already.");
            try
            {
                // The watch continues when nobody waits any more: a thread that doesn't return must be noticed.
                if (await WatchAsync(job).WaitAsync(cancellationToken) is { } done)
                    results.AddRange(done);
                else
                {
                    results.AddRange(job.Results());
                    Refuse(states[results.Count].Key);
                }
            }
            catch (OperationCanceledException)
            {
                job.Cancel();
                throw;
            }
        }
        return results;

        void Refuse(string key) =>
            given[key] = ClockRuns.Threw(
                $"{projection.Model.Id.Name} did not answer for the key '{key}' within {_limit.TotalSeconds:0.###} s."
            );
    }

    /// <returns>
    /// Null if f didn't return for the state after those that are done, and the thread was abandoned.
    /// </returns>
    private async Task<IReadOnlyList<IReadOnlyList<ClockRun>?>?> WatchAsync(Job job)
    {
        var (seen, ticks) = (-1, 0);
        while (true)
        {
            try
            {
                return await job.Done.Task.WaitAsync(_limit / Ticks, _clock, CancellationToken.None);
            }
            catch (TimeoutException) when (!job.Done.Task.IsFaulted)
            {
                var runs = job.Runs;
                (seen, ticks) = runs == seen ? (seen, job.HasBegun ? ticks + 1 : 0) : (runs, 0);
                if (ticks < Ticks || !job.TryGiveUp())
                    continue;
                Interlocked.Increment(ref _stuck);
                Start();
                return null;
            }
        }
    }

    public void Dispose() => _jobs.CompleteAdding();

    private void Start() =>
        new Thread(() =>
        {
            foreach (var job in _jobs.GetConsumingEnumerable())
            {
                if (job.Run())
                    continue;
                Interlocked.Decrement(ref _stuck); // it was abandoned, and another thread has replaced this one
                return;
            }
        })
        {
            IsBackground = true,
            Name = "f at moments",
        }.Start();

    private sealed class Job(
        BoundProjection projection,
        IReadOnlyList<KeyRows> states,
        DateTimeOffset from,
        DateTimeOffset to
    )
    {
        private readonly Lock _gate = new();
        private readonly IReadOnlyList<ClockRun>?[] _results = new IReadOnlyList<ClockRun>?[states.Count];
        private volatile bool _cancelled;
        private volatile bool _begun;
        private bool _givenUp;
        private int _done;
        private int _runs;

        public TaskCompletionSource<IReadOnlyList<IReadOnlyList<ClockRun>?>> Done { get; } =
            new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool HasBegun => _begun;

        public int Runs => Volatile.Read(ref _runs);

        /// <summary>The finished results; of abandoned work, all but the state at which f hangs.</summary>
        public IReadOnlyList<ClockRun>?[] Results()
        {
            lock (_gate)
                return _results[.._done];
        }

        /// <returns>False if it ends at this very moment.</returns>
        public bool TryGiveUp()
        {
            lock (_gate)
                return _givenUp = _done < states.Count && !Done.Task.IsCompleted;
        }

        public void Cancel() => _cancelled = true;

        /// <returns>False if it was abandoned.</returns>
        public bool Run()
        {
            _begun = true;
            Exception? defect = null;
            try
            {
                for (var index = 0; index < states.Count && !_cancelled; index++)
                {
                    var result = ClockRuns.Run(
                        projection,
                        states[index],
                        from,
                        to,
                        () => Interlocked.Increment(ref _runs)
                    );
                    lock (_gate)
                    {
                        if (_givenUp)
                            return false;
                        (_results[index], _done) = (result, index + 1);
                    }
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
                    Done.TrySetException(defect);
                else
                    Done.TrySetResult(_results);
                return true;
            }
        }
    }
}
