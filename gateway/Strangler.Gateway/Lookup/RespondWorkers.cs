using System.Collections.Concurrent;
using Strangler.Projections;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Threads that run Respond, apart from those that serve requests, so that code which never returns costs no request but its own. A call that overruns its limit keeps its thread, and another thread
/// takes the place, up to a bound; with all of them stuck, calls are refused. The queue is bounded too: a full one refuses. At shutdown waiting calls are refused; the threads are background threads and end with the process.
/// </summary>
internal sealed class RespondWorkers : IDisposable
{
    private const int MostStuck = 32;
    private const int MostWaiting = 1024;
    private readonly BlockingCollection<Call> _calls = new(MostWaiting);
    private readonly TimeProvider _time;
    private readonly int _wanted;
    private int _working;
    private int _stuck;

    public RespondWorkers(int threads, TimeProvider time)
    {
        _time = time;
        _wanted = threads;
        for (var i = 0; i < threads; i++) StartThread();
    }

    /// <summary>Runs Respond and waits for it no longer than <paramref name="limit"/>.</summary>
    public async ValueTask<Responded> RunAsync(IResponder responder, AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> documents, TimeSpan limit, RespondGuard guard, CancellationToken cancellationToken)
    {
        var call = new Call(responder, request, documents);
        if (!TryQueue(call)) return Responded.Busy.Value;
        try
        {
            return await call.Done.Task.WaitAsync(limit, _time, cancellationToken);
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            if (call.TryGiveUp()) return Responded.Busy.Value; // it had not begun
            if (call.Done.Task.IsCompletedSuccessfully) return await call.Done.Task;
            if (exception is OperationCanceledException) cancellationToken.ThrowIfCancellationRequested();
            if (call.TryMarkStuck(this, guard)) return Responded.Overran.Value;
            return await call.Done.Task; // it ended in this very moment
        }
    }

    public void Dispose() => _calls.CompleteAdding();

    private bool TryQueue(Call call)
    {
        try
        {
            return _calls.TryAdd(call);
        }
        catch (InvalidOperationException) // shut down
        {
            return false;
        }
    }

    private void StartThread()
    {
        Interlocked.Increment(ref _working);
        new Thread(Work) { IsBackground = true, Name = "respond" }.Start();
    }

    private void Work()
    {
        foreach (var call in _calls.GetConsumingEnumerable())
        {
            if (!call.TryBegin()) continue;
            if (call.Run()) continue;
            Interlocked.Decrement(ref _stuck);
            if (Interlocked.Increment(ref _working) <= _wanted) continue;
            Interlocked.Decrement(ref _working); // another thread has taken this one's place
            return;
        }
    }

    private void Replace()
    {
        Interlocked.Decrement(ref _working);
        if (Interlocked.Increment(ref _stuck) <= MostStuck) StartThread();
    }

    private sealed class Call(IResponder responder, AnswerRequest request, IReadOnlyList<(string Key, ReadOnlyMemory<byte>? Bytes)> documents)
    {
        private const int Waiting = 0, Running = 1, Stuck = 2, Over = 3;
        private int _state = Waiting;
        private RespondGuard? _guard;

        public TaskCompletionSource<Responded> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool TryBegin() => Interlocked.CompareExchange(ref _state, Running, Waiting) == Waiting;

        public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, Over, Waiting) == Waiting;

        public bool TryMarkStuck(RespondWorkers workers, RespondGuard guard)
        {
            _guard = guard; // seen by the thread that finds the state below
            guard.Enter();
            if (Interlocked.CompareExchange(ref _state, Stuck, Running) != Running)
            {
                guard.Leave();
                return false;
            }
            workers.Replace();
            return true;
        }

        /// <returns>False if it had been given up as stuck.</returns>
        public bool Run()
        {
            Responded outcome;
            try
            {
                outcome = new Responded.Made(responder.Respond(request, documents));
            }
            catch (Exception exception) // the team's code may throw anything; none of it may end this process
            {
                outcome = new Responded.Threw(exception);
            }
            if (Interlocked.CompareExchange(ref _state, Over, Running) == Running)
            {
                Done.TrySetResult(outcome);
                return true;
            }
            _guard!.Leave();
            return false;
        }
    }
}
