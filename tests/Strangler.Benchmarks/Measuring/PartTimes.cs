namespace Strangler.Benchmarks.Measuring;

/// <summary>
/// Processor time of the machine by part of the system: how the time is spent when everything shares one machine. A
/// process that ends within a window is not counted.
/// </summary>
internal sealed class PartTimes
{
    private const double TicksASecond = 100; // USER_HZ, which Linux reports to programs whatever its own rate is
    private readonly IReadOnlyList<PartProcess> _processes = MachineParts.Now();

    /// <summary>Seconds by part since an earlier reading.</summary>
    public IReadOnlyDictionary<string, double> Since(PartTimes before)
    {
        var earlier = before._processes.ToDictionary(process => process.Id, process => process.Ticks);
        return _processes
            .GroupBy(
                process => process.Part,
                process => process.Ticks - earlier.GetValueOrDefault(process.Id, process.Ticks),
                StringComparer.Ordinal
            )
            .ToDictionary(part => part.Key, part => part.Sum() / TicksASecond, StringComparer.Ordinal);
    }
}
