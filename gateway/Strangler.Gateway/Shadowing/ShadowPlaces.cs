namespace Strangler.Gateway.Shadowing;

/// <summary>
/// The places of a route's comparisons. Each is taken before anything is copied, and given back when the comparison is
/// in the evidence, or when there will be none. The gate can wait for those that were taken earlier; later ones don't
/// delay it. Taking and giving back cost a short lock, and allocate nothing.
/// </summary>
/// <param name="max">The number that may be taken at once. If none is left, a request isn't sampled.</param>
/// <param name="time">The clock.</param>
internal sealed class ShadowPlaces(int max, TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly List<Earlier> _awaited = [];
    private long _taken;
    private int _inside;

    /// <summary>Whether none is taken.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (_lock)
                return _inside == 0;
        }
    }

    /// <summary>Null if none is left.</summary>
    public ShadowPlace? TryTake()
    {
        lock (_lock)
        {
            if (_inside >= max)
                return null;
            _inside++;
            return new ShadowPlace(++_taken);
        }
    }

    public void GiveBack(ShadowPlace place)
    {
        lock (_lock)
        {
            _inside--;
            foreach (var earlier in _awaited)
                earlier.End(place);
        }
    }

    /// <summary>Waits until every place that was taken before the call has been given back.</summary>
    /// <param name="limit">The maximum wait.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The number of those that haven't. 0 unless the limit was reached.</returns>
    public async Task<int> WaitForEarlierAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Earlier earlier;
        lock (_lock)
        {
            if (_inside == 0)
                return 0;
            earlier = new Earlier(_taken, _inside);
            _awaited.Add(earlier);
        }
        try
        {
            await earlier.Ended.WaitAsync(limit, time, cancellationToken);
        }
        catch (TimeoutException) { } // the result counts what is left
        finally
        {
            lock (_lock)
                _awaited.Remove(earlier);
        }
        return earlier.Left;
    }

    /// <summary>The places that one call waits for. Changed only under the lock.</summary>
    private sealed class Earlier(long last, int left)
    {
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Ended => _ended.Task;

        public int Left { get; private set; } = left;

        public void End(ShadowPlace place)
        {
            if (place.Number <= last && --Left == 0)
                _ended.SetResult();
        }
    }
}
