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
            if (line.Total) return; // the seconds have been counted
            _totals = new(_totals.Reads + line.Reads, _totals.Writes + line.Writes, _totals.Errors + line.Failed);
            _writesPerSecond = line.Writes;
        }
    }
}
