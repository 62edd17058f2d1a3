namespace Strangler.Foundation.Store;

/// <summary>How long a store may fail repeatedly before that is a fault and no longer considered temporary.</summary>
/// <param name="limit">From the first failure of a series to the last.</param>
/// <param name="time">The clock.</param>
public sealed class StorePatience(TimeSpan limit, TimeProvider time)
{
    /// <summary>
    /// A failure later than this after the previous one begins a new series: the store worked in between.
    /// </summary>
    private static readonly TimeSpan MaxFailureGap = TimeSpan.FromMinutes(1);

    /// <value>5 minutes.</value>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    private long _first;
    private long? _last;

    /// <summary>Records a failure.</summary>
    /// <returns>Whether it is worth waiting longer.</returns>
    public bool Lasts()
    {
        var now = time.GetTimestamp();
        if (_last is not { } last || time.GetElapsedTime(last, now) > MaxFailureGap)
            _first = now;
        _last = now;
        return time.GetElapsedTime(_first, now) < limit;
    }
}
