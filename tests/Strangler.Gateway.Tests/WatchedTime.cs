using System.Collections.Concurrent;

namespace Strangler.Gateway.Tests;

/// <summary>
/// A clock that reports which waits have begun, and can hold some of them, so that a test doesn't have to guess.
/// </summary>
internal sealed class WatchedTime(TimeProvider inner) : TimeProvider
{
    private readonly ConcurrentDictionary<TimeSpan, bool> _begun = new();
    private readonly ConcurrentQueue<ITimer> _held = new();

    /// <summary>Waits of these lengths don't end by themselves.</summary>
    public Func<TimeSpan, bool> Holds { get; init; } = static _ => false;

    /// <summary>The number of held waits.</summary>
    public int Held => _held.Count;

    /// <summary>Ends the held waits.</summary>
    public void Release()
    {
        while (_held.TryDequeue(out var timer))
            timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public override TimeZoneInfo LocalTimeZone => inner.LocalTimeZone;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public bool HasBegun(TimeSpan wait) => _begun.ContainsKey(wait);

    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isHeld = Holds(dueTime);
        var timer = inner.CreateTimer(callback, state, isHeld ? Timeout.InfiniteTimeSpan : dueTime, period);
        if (isHeld)
            _held.Enqueue(timer);
        _begun[dueTime] = true;
        return timer;
    }
}
