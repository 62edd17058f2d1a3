using Strangler.Foundation.Cultures;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Runs Respond on the server's threads, a few calls at once, so that code which never returns affects only its own
/// request. A call that overruns its limit keeps its thread, and its place is given to another call, up to a bound; if
/// all are stuck, calls are refused. The pool is asked to keep one more thread for each place, in addition to those for
/// requests. A limited number of calls may wait for a place. Further calls are refused, and all are at shutdown.
/// <para>
/// It shares nothing with the threads on which the projections run f: a call there switches to another thread and back,
/// which costs a request half as much processor time again (docs/decisions/024-respond-in-few-places.md). Here nobody
/// but the request waits, so the limit is one timer and isn't counted in ticks.
/// </para>
/// </summary>
internal sealed class RespondWorkers : IDisposable
{
    private const int MaxStuck = 32;
    private const int MaxWaiting = 1024;
    private static readonly Lock PoolSize = new();
    private readonly SemaphoreSlim _places;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TimeProvider _time;
    private readonly int _wanted;
    private int _waiting;
    private int _stuck;

    public RespondWorkers(int places, TimeProvider time)
    {
        (_places, _time, _wanted) = (new SemaphoreSlim(places), time, places);
        KeepThreads(places);
    }

    /// <summary>
    /// The number of threads that the pool, which is shared by the whole process, is asked to keep for these calls.
    /// </summary>
    internal int KeptCount { get; private set; }

    /// <summary>
    /// Runs Respond and waits for it at most <paramref name="limit"/>, after waiting at most as long for a place.
    /// </summary>
    public async ValueTask<RespondOutcome> RunAsync(
        IResponder responder,
        AnswerRequest request,
        IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> documents,
        TimeSpan limit,
        RespondGuard guard,
        CancellationToken cancellationToken
    )
    {
        if (
            _stopping.IsCancellationRequested
            || (!_places.Wait(0, CancellationToken.None) && !await WaitForPlaceAsync(limit, cancellationToken))
        )
            return RespondOutcome.Busy.Value;
        var call = new Call(this, responder, request, documents);
        // On this thread's own queue: it runs as soon as this method releases the thread, without a switch to another.
        ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: true);
        try
        {
            return await EndAsync(call, limit, guard, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // nothing waits for it, but it must not keep its place forever
            _ = EndAsync(call, limit, guard, CancellationToken.None);
            throw;
        }
    }

    private async Task<RespondOutcome> EndAsync(
        Call call,
        TimeSpan limit,
        RespondGuard guard,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await call.Done.Task.WaitAsync(limit, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            if (call.TryGiveUp())
                return RespondOutcome.Busy.Value; // it hadn't begun
            if (call.TryMarkStuck(guard))
                return RespondOutcome.Overran.Value;
            return await call.Done.Task; // it has just ended
        }
    }

    public void Dispose()
    {
        if (_stopping.IsCancellationRequested)
            return;
        _stopping.Cancel();
        KeepThreads(-_wanted);
    }

    private async ValueTask<bool> WaitForPlaceAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > MaxWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return false;
        }
        using var patience = new CancellationTokenSource(limit, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            patience.Token,
            _stopping.Token,
            cancellationToken
        );
        try
        {
            await _places.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return false;
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    /// <summary>
    /// Asks the pool to start more or fewer threads without delay, so that requests don't lack a thread that hangs.
    /// </summary>
    private void KeepThreads(int more)
    {
        lock (PoolSize)
        {
            KeptCount += more;
            ThreadPool.GetMinThreads(out var workers, out var ports);
            ThreadPool.SetMinThreads(Math.Max(1, workers + more), ports);
        }
    }

    private sealed class Call(
        RespondWorkers workers,
        IResponder responder,
        AnswerRequest request,
        IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> documents
    ) : IThreadPoolWorkItem
    {
        private const int Waiting = 0,
            Running = 1,
            Stuck = 2,
            Over = 3;
        private int _state = Waiting;
        private RespondGuard? _guard;

        /// <summary>Continuations run on the thread that ran the call.</summary>
        public TaskCompletionSource<RespondOutcome> Done { get; } = new();

        public bool TryGiveUp()
        {
            if (Interlocked.CompareExchange(ref _state, Over, Waiting) != Waiting)
                return false;
            workers._places.Release();
            return true;
        }

        public bool TryMarkStuck(RespondGuard guard)
        {
            _guard = guard; // visible to the thread that reads the state below
            guard.Enter();
            if (Interlocked.CompareExchange(ref _state, Stuck, Running) != Running)
            {
                guard.Leave();
                return false;
            }
            if (Interlocked.Increment(ref workers._stuck) > MaxStuck)
                return true; // its place is lost until it returns
            workers.KeepThreads(1);
            workers._places.Release();
            return true;
        }

        public void Execute()
        {
            if (Interlocked.CompareExchange(ref _state, Running, Waiting) != Waiting)
                return;
            RespondOutcome outcome;
            try
            {
                using var _ = InvariantScope.Enter();
                outcome = new RespondOutcome.Made(responder.Respond(request, documents));
            }
            catch (Exception exception) // the team's code may throw anything, and must not end this process
            {
                outcome = new RespondOutcome.Threw(exception);
            }
            if (Interlocked.CompareExchange(ref _state, Over, Running) == Running)
            {
                workers._places.Release();
                Done.TrySetResult(outcome);
                return;
            }
            _guard!.Leave();
            if (Interlocked.Decrement(ref workers._stuck) >= MaxStuck)
                workers._places.Release();
            else
                workers.KeepThreads(-1);
        }
    }
}
