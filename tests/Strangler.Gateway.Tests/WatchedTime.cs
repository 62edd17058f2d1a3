using System.Collections.Concurrent;

namespace Strangler.Gateway.Tests;

/// <summary>A clock that says which waits have begun, so that a test need not guess.</summary>
internal sealed class WatchedTime(TimeProvider inner) : TimeProvider
{
    private readonly ConcurrentDictionary<TimeSpan, bool> _begun = new();

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public bool HasBegun(TimeSpan wait) => _begun.ContainsKey(wait);

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = inner.CreateTimer(callback, state, dueTime, period);
        _begun[dueTime] = true;
        return timer;
    }
}
