using System.Collections.Frozen;

namespace Strangler.Demo.Show;

/// <summary>Sums up the traffic generator's output.</summary>
internal sealed class TrafficCount
{
    private readonly Lock _lock = new();
    private TrafficTotals _totals = TrafficTotals.None;
    private double _writesPerSecond;
    private IReadOnlySet<string> _watched = FrozenSet<string>.Empty;
    private long _readsOfWatched;

    public TrafficTotals Totals
    {
        get
        {
            lock (_lock)
                return _totals;
        }
    }

    /// <summary>In the last second.</summary>
    public double WritesPerSecond
    {
        get
        {
            lock (_lock)
                return _writesPerSecond;
        }
    }

    /// <summary>
    /// How often the availability of a watched item was requested since watching began, without the current second.
    /// </summary>
    public long ReadsOfWatched
    {
        get
        {
            lock (_lock)
                return _readsOfWatched;
        }
    }

    public void Watch(IReadOnlySet<string> items)
    {
        lock (_lock)
            (_watched, _readsOfWatched) = (items, 0);
    }

    public void Add(TrafficOutput line)
    {
        lock (_lock)
        {
            _readsOfWatched += line.Items?.Count(_watched.Contains) ?? 0;
            var counted = line.Total ? TrafficTotals.None : _totals; // the last line includes all seconds before it
            _totals = new(
                counted.Reads + line.Reads.Answered,
                counted.Writes + line.Writes.Answered,
                counted.Dropped + line.Reads.Dropped + line.Writes.Dropped,
                counted.Errors + line.Reads.Errors + line.Writes.Errors
            );
            if (!line.Total)
                _writesPerSecond = line.Writes.Answered;
        }
    }
}
