using Strangler.ChangeLog;

namespace Strangler.Projections.Moments;

/// <summary>
/// Reads how far the log is and its source's catalogue has been looked at, once for all waiting callers: one reading at
/// a time, at most one every 20 ms, none while nobody asks.
/// </summary>
internal sealed class LogExtentReader(IChangeLog log, string source)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private readonly Lock _lock = new();
    private Task<LogExtent?>? _next;

    /// <summary>The last reading.</summary>
    public LogExtent? Latest { get; private set; }

    /// <summary>Returns a reading that begins after this call.</summary>
    public Task<LogExtent?> NextAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
            return (_next ??= ReadAsync()).WaitAsync(cancellationToken);
    }

    // Not cancelled by any single caller that waits for it.
    private async Task<LogExtent?> ReadAsync()
    {
        await Task.Delay(Interval, TimeProvider.System, CancellationToken.None);
        lock (_lock)
            _next = null;
        return Latest = await log.ExtentAsync(source, CancellationToken.None);
    }
}
