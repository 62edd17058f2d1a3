namespace Shop.Traffic;

/// <summary>
/// When requests of a kind are due: at a steady rate. One that finds no place waits for it; of those that wait, the
/// oldest beyond the bound are given up.
/// </summary>
/// <param name="perSecond">The rate.</param>
/// <param name="catchUp">How much may wait, told in time.</param>
internal sealed class TrafficPace(int perSecond, TimeSpan catchUp)
{
    private readonly long _maxWaiting = (long)(catchUp.TotalSeconds * perSecond);
    private long _done;

    /// <summary>Whether a request is to be sent now.</summary>
    /// <param name="elapsed">Since the start.</param>
    /// <param name="place">Whether there is a place for one.</param>
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

    /// <summary>The time is over: what still waits is given up.</summary>
    /// <returns>How many that were.</returns>
    public long End(TimeSpan elapsed) => GiveUp(Due(elapsed));

    private long Due(TimeSpan elapsed) => (long)(elapsed.TotalSeconds * perSecond);

    private long GiveUp(long through)
    {
        var count = Math.Max(0, through - _done);
        _done += count;
        return count;
    }
}
