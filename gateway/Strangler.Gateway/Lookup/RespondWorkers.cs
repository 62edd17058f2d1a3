using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Runs Respond on the server's threads, a few calls at once, so that code which never returns costs no request but its
/// own: a call that overruns its limit keeps its thread, and its place goes to another, up to a bound; with all of them
/// stuck, calls are refused. The pool is asked to keep a thread a place beside those that it has for requests. So many
/// calls may wait for a place; more are refused, and all are at shutdown.
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
    /// How many threads the pool is asked to keep for these calls; the pool is one of the whole process.
    /// </summary>
    internal int KeptCount { get; private set; }

    /// <summary>
    /// Runs Respond and waits for it no longer than <paramref name="limit"/>, and before for a place no longer than
    /// that.
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
        // On the queue of this very thread: it runs as soon as this method has given the thread back, without a switch
        // to another.
        ThreadPool.UnsafeQueueUserWorkItem(call, preferLocal: true);
        try
        {
            return await EndAsync(call, limit, guard, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // nobody waits for it, and yet it must not keep its place for ever
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
                return RespondOutcome.Busy.Value; // it had not begun
            if (call.TryMarkStuck(guard))
                return RespondOutcome.Overran.Value;
            return await call.Done.Task; // it ended in this very moment
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
    /// Asks the pool for more or fewer threads that it starts at once: one that hangs must not be missed by requests.
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

        /// <summary>What waits for it continues on the thread that ran it.</summary>
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
            _guard = guard; // seen by the thread that finds the state below
            guard.Enter();
            if (Interlocked.CompareExchange(ref _state, Stuck, Running) != Running)
            {
                guard.Leave();
                return false;
            }
            if (Interlocked.Increment(ref workers._stuck) > MaxStuck)
                return true; // its place is lost until it comes back
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
                outcome = new RespondOutcome.Made(responder.Respond(request, documents));
            }
            catch (Exception exception) // the team's code may throw anything; none of it may end this process
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
