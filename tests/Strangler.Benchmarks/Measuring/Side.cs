using Strangler.Benchmarks.Load;

namespace Strangler.Benchmarks.Measuring;

/// <summary>One of the compared systems.</summary>
/// <param name="Name">Its printed name.</param>
/// <param name="RunAsync">Puts one window of load on it.</param>
/// <param name="Processor">Its processor time so far; null if unknown.</param>
/// <param name="Before">Brings it into the state in which it is measured; not part of the measurement.</param>
internal sealed record Side(
    string Name,
    Func<TimeSpan, CancellationToken, Task<LoadResult>> RunAsync,
    Func<TimeSpan>? Processor = null,
    Func<CancellationToken, Task>? Before = null
)
{
    public async Task<Window> MeasureAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        if (Before is not null)
            await Before(cancellationToken);
        var (parts, before) = (new PartTimes(), Processor?.Invoke());
        var load = await RunAsync(duration, cancellationToken);
        return new(load, (Processor?.Invoke() - before)?.TotalSeconds, new PartTimes().Since(parts));
    }
}
