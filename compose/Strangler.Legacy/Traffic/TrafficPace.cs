namespace Shop.Traffic;

/// <summary>
/// When requests of a kind are due: at a steady rate. A request waits until a place is free; if too many wait, the
/// oldest are dropped.
/// </summary>
/// <param name="perSecond">The rate.</param>
/// <param name="catchUp">How much may wait, as a time.</param>
internal sealed class TrafficPace(int perSecond, TimeSpan catchUp)
{
    private readonly long _maxWaiting = (long)(catchUp.TotalSeconds * perSecond);
    private long _done;

    /// <summary>Whether to send a request now.</summary>
    /// <param name="elapsed">The time since the start.</param>
    /// <param name="place">Whether a place is free.</param>
    /// <param name="givenUp">How many have waited too long.</param>
    public bool Take(TimeSpan elapsed, bool place, out long givenUp)
    {
        givenUp = 0;
        var due = Due(elapsed);
        if (place && _done < due)
        {
            _done++;
            return true;
        }
        if (!place)
            givenUp = GiveUp(due - _maxWaiting);
        return false;
    }

    /// <summary>The time is over: waiting requests are dropped.</summary>
    /// <returns>How many were dropped.</returns>
    public long End(TimeSpan elapsed) => GiveUp(Due(elapsed));

    private long Due(TimeSpan elapsed) => (long)(elapsed.TotalSeconds * perSecond);

    private long GiveUp(long through)
    {
        var count = Math.Max(0, through - _done);
        _done += count;
        return count;
    }
}
