using System.Globalization;

namespace Shop.Traffic;

/// <summary>
/// Results of requests of one kind. Latencies are counted in buckets, each a tenth wider than the previous one.
/// </summary>
internal sealed class TrafficTally
{
    private const double Growth = 1.1;
    private const double MinMs = 0.05;
    private readonly Lock _lock = new();
    private readonly SortedDictionary<int, long> _buckets = [];
    private readonly SortedDictionary<string, long> _statuses = new(StringComparer.Ordinal);
    private long _sent;
    private long _dropped;
    private long _errors;

    public void Sent()
    {
        lock (_lock)
            _sent++;
    }

    /// <summary>This many were due, but no place became free in time.</summary>
    public void Dropped(long count)
    {
        if (count == 0)
            return;
        lock (_lock)
            _dropped += count;
    }

    public void Answered(int status, TimeSpan took)
    {
        lock (_lock)
        {
            var code = status.ToString(CultureInfo.InvariantCulture);
            _statuses[code] = _statuses.GetValueOrDefault(code) + 1;
            var bucket =
                took.TotalMilliseconds <= MinMs
                    ? 0
                    : (int)Math.Ceiling(Math.Log(took.TotalMilliseconds / MinMs, Growth));
            _buckets[bucket] = _buckets.GetValueOrDefault(bucket) + 1;
            if (status >= 500)
                _errors++;
        }
    }

    /// <summary>A request got no answer.</summary>
    public void Failed()
    {
        lock (_lock)
            _errors++;
    }

    /// <summary>The accumulated figures; with <paramref name="reset"/> they start over.</summary>
    public TrafficReport Report(bool reset)
    {
        lock (_lock)
        {
            var report = new TrafficReport(
                _sent,
                _buckets.Values.Sum(),
                _dropped,
                _errors,
                Quantile(0.5),
                Quantile(0.99),
                new SortedDictionary<string, long>(_statuses, StringComparer.Ordinal)
            );
            if (reset)
            {
                (_sent, _dropped, _errors) = (0, 0, 0);
                _buckets.Clear();
                _statuses.Clear();
            }
            return report;
        }
    }

    private double? Quantile(double share)
    {
        var rank = (long)Math.Ceiling(_buckets.Values.Sum() * share);
        foreach (var (bucket, count) in _buckets)
        {
            rank -= count;
            if (rank <= 0)
                return Math.Round(MinMs * Math.Pow(Growth, bucket), 2);
        }
        return null;
    }
}
