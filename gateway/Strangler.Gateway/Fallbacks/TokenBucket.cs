namespace Strangler.Gateway.Fallbacks;

/// <summary>A rate limit per second, with bursts of at most one second's tokens.</summary>
internal sealed class TokenBucket(int perSecond, TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _tokens = perSecond;
    private long _at = time.GetTimestamp();

    public bool TryTake() => TryReserve(TimeSpan.Zero) is not null;

    /// <summary>Takes a token that becomes available within a time. Null if none does; none is taken then.</summary>
    /// <returns>How long to wait until it is available.</returns>
    public TimeSpan? TryReserve(TimeSpan max)
    {
        if (perSecond == 0)
            return null;
        lock (_lock)
        {
            var now = time.GetTimestamp();
            _tokens = Math.Min(perSecond, _tokens + time.GetElapsedTime(_at, now).TotalSeconds * perSecond);
            _at = now;
            var wait = TimeSpan.FromSeconds(Math.Max(0, (1 - _tokens) / perSecond));
            if (wait > max)
                return null;
            _tokens--;
            return wait;
        }
    }
}
