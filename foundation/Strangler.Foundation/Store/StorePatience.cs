namespace Strangler.Foundation.Store;

/// <summary>
/// How long a store may fail, one time after the other, before that is a fault and no longer something that passes.
/// </summary>
/// <param name="limit">From the first failure of a row to the last.</param>
/// <param name="time">The clock.</param>
public sealed class StorePatience(TimeSpan limit, TimeProvider time)
{
    /// <summary>
    /// A failure that comes later than this after the one before begins a new row: in between the store has worked.
    /// </summary>
    private static readonly TimeSpan MaxFailureGap = TimeSpan.FromMinutes(1);

    /// <value>5 minutes.</value>
    public static readonly TimeSpan Default = TimeSpan.FromMinutes(5);

    private long _first;
    private long? _last;

    /// <summary>Notes a failure.</summary>
    /// <returns>Whether waiting is still worth it.</returns>
    public bool Lasts()
    {
        var now = time.GetTimestamp();
        if (_last is not { } last || time.GetElapsedTime(last, now) > MaxFailureGap)
            _first = now;
        _last = now;
        return time.GetElapsedTime(_first, now) < limit;
    }
}
