using Strangler.Evidence;

namespace Strangler.Gateway.Telemetry;

/// <summary>Durations of one side of a route: since the start, and over the last full seconds.</summary>
internal sealed class SideStats(TimeProvider time)
{
    /// <summary>The number of full seconds that the recent figures cover.</summary>
    public const int Window = 10;

    private readonly LatencyHistogram _total = new();
    private readonly (long Second, LatencyHistogram Histogram)[] _seconds =
    [
        .. Enumerable.Range(0, Window + 2).Select(_ => (-1L, new LatencyHistogram())),
    ];
    private readonly Lock _lock = new();
    private long _count;

    /// <summary>Requests since the start.</summary>
    public long Count => Interlocked.Read(ref _count);

    public void Record(TimeSpan duration)
    {
        var microseconds = (long)duration.TotalMicroseconds;
        Interlocked.Increment(ref _count);
        _total.Record(microseconds);
        Slot(Now()).Record(microseconds);
    }

    public SideFigures Read()
    {
        var total = LatencyHistogram.EmptySums();
        _total.AddTo(total);
        var recent = LatencyHistogram.EmptySums();
        var now = Now();
        foreach (ref var slot in _seconds.AsSpan())
        {
            var second = Volatile.Read(ref slot.Second);
            if (second >= now - Window && second < now)
                slot.Histogram.AddTo(recent);
        }
        return new SideFigures(
            Count,
            recent.Sum() / (double)Window,
            Milliseconds(recent, 0.5),
            Milliseconds(recent, 0.99),
            Milliseconds(total, 0.5),
            Milliseconds(total, 0.99)
        );
    }

    private long Now() => time.GetTimestamp() / time.TimestampFrequency;

    /// <summary>
    /// The slot of a second. A slot is cleared when it is reused. One slot more than the window and the current second
    /// keeps readers away from it.
    /// </summary>
    private LatencyHistogram Slot(long second)
    {
        ref var slot = ref _seconds[second % _seconds.Length];
        if (Volatile.Read(ref slot.Second) != second)
        {
            lock (_lock)
            {
                if (slot.Second < second)
                {
                    slot.Histogram.Clear();
                    Volatile.Write(ref slot.Second, second);
                }
            }
        }
        return slot.Histogram;
    }

    private static double? Milliseconds(long[] sums, double quantile) =>
        LatencyHistogram.Quantile(sums, quantile) / 1000.0;
}
