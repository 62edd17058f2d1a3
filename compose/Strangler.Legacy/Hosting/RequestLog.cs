using System.Collections.Concurrent;

namespace Shop.Hosting;

/// <summary>The latest requests of all services in this process. When it is full, the oldest are removed.</summary>
internal sealed class RequestLog(int capacity = 50_000)
{
    private readonly ConcurrentQueue<LoggedRequest> _requests = new();
    private long _total;

    public void Add(LoggedRequest request)
    {
        _requests.Enqueue(request);
        if (Interlocked.Increment(ref _total) > capacity)
            _requests.TryDequeue(out _);
    }

    public long Total => Interlocked.Read(ref _total);

    /// <summary>The requests of a trace, or the newest 1,000.</summary>
    public IReadOnlyList<LoggedRequest> Find(string? trace) =>
        trace is null ? [.. _requests.TakeLast(1000)] : [.. _requests.Where(request => request.TraceId == trace)];
}
