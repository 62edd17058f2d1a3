namespace Strangler.Gateway.Telemetry;

/// <summary>Counts of the last slots of time, of a fixed number of kinds: bounded, whatever comes.</summary>
internal sealed class WindowCounts(TimeSpan slot, int slots, int kinds, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly long[] _counts = new long[slots * kinds];
    private readonly long[] _numbers = [.. Enumerable.Repeat(-1L, slots)];

    public void Add(int kind, long count = 1)
    {
        var number = Number(time.GetTimestamp());
        var at = (int)(number % slots);
        lock (_lock)
        {
            if (_numbers[at] != number)
            {
                Array.Clear(_counts, at * kinds, kinds);
                _numbers[at] = number;
            }
            _counts[(at * kinds) + kind] += count;
        }
    }

    /// <summary>The count of a kind in the slots of a window, the current one included.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="window">At most as long as all slots.</param>
    /// <param name="since">A timestamp; slots that ended before it don't count.</param>
    public long Sum(int kind, TimeSpan window, long since)
    {
        var now = Number(time.GetTimestamp());
        var first = Math.Max(now - (window.Ticks / slot.Ticks) + 1, Number(since));
        var sum = 0L;
        lock (_lock)
        {
            for (var at = 0; at < slots; at++)
            {
                if (_numbers[at] >= first && _numbers[at] <= now)
                    sum += _counts[(at * kinds) + kind];
            }
        }
        return sum;
    }

    private long Number(long timestamp) =>
        (long)((Int128)timestamp * TimeSpan.TicksPerSecond / time.TimestampFrequency) / slot.Ticks;
}
