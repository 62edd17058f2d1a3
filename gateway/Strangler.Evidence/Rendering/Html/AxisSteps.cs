namespace Strangler.Evidence.Rendering.Html;

/// <summary>Where a chart's axes have their labels, so that none appears twice. Pure.</summary>
internal static class AxisSteps
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Steps of time and how their labels are written.</summary>
    private static readonly (TimeSpan Step, string Format)[] Times =
    [
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(seconds => (TimeSpan.FromSeconds(seconds), "HH:mm:ss")),
        .. new[] { 1, 2, 5, 10, 15, 30 }.Select(minutes => (TimeSpan.FromMinutes(minutes), "HH:mm")),
        .. new[] { 1, 2, 3, 6, 12 }.Select(hours => (TimeSpan.FromHours(hours), "HH:mm")),
        .. new[] { 1, 2, 7, 14, 28, 91, 182, 364 }.Select(days => (TimeSpan.FromDays(days), "MM-dd")),
    ];

    /// <summary>The smallest step of 1, 2 or 5 times a power of ten that needs at most so many labels.</summary>
    public static long OfCounts(long max, int labels)
    {
        for (long power = 1; ; power *= 10)
        {
            foreach (var step in (ReadOnlySpan<long>)[power, 2 * power, 5 * power])
            {
                if (max / step <= labels || power > long.MaxValue / 100)
                    return step;
            }
        }
    }

    /// <summary>
    /// The labels of a span of at most eight years, at whole steps of UTC; at most one more than asked.
    /// </summary>
    public static IEnumerable<(DateTimeOffset At, string Format)> OfTimes(
        DateTimeOffset from,
        DateTimeOffset to,
        int labels
    )
    {
        var span = to - from;
        var (step, format) = Times.FirstOrDefault(time => span / time.Step <= labels, Times[^1]);
        if (step < Day && span >= Day)
            format = "MM-dd HH:mm"; // a time of day alone would appear once a day
        var first = (from.UtcTicks + step.Ticks - 1) / step.Ticks * step.Ticks;
        for (var ticks = first; ticks <= to.UtcTicks; ticks += step.Ticks)
            yield return (new DateTimeOffset(ticks, TimeSpan.Zero), format);
    }
}
