namespace Strangler.Demo.Show;

/// <summary>Sums up what the traffic generator says.</summary>
internal sealed class TrafficCount
{
    private readonly Lock _lock = new();
    private TrafficTotals _totals = TrafficTotals.None;
    private double _writesPerSecond;

    public TrafficTotals Totals
    {
        get
        {
            lock (_lock) return _totals;
        }
    }

    /// <summary>In the last second.</summary>
    public double WritesPerSecond
    {
        get
        {
            lock (_lock) return _writesPerSecond;
        }
    }

    public void Add(TrafficLine line)
    {
        lock (_lock)
        {
            var counted = line.Total ? TrafficTotals.None : _totals; // the last line holds all seconds before it
            _totals = new(counted.Reads + line.Reads.Answered, counted.Writes + line.Writes.Answered, counted.Dropped + line.Reads.Dropped + line.Writes.Dropped, counted.Errors + line.Reads.Errors + line.Writes.Errors);
            if (!line.Total) _writesPerSecond = line.Writes.Answered;
        }
    }
}
