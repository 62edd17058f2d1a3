using Strangler.Benchmarks.Load;

namespace Strangler.Benchmarks.Measuring;

/// <summary>One window of one side.</summary>
/// <param name="Load">The client's measurements.</param>
/// <param name="ProcessorSeconds">Processor time of the measured process within it; null if unknown.</param>
/// <param name="Parts">Seconds of the machine's processor time within it, by part.</param>
internal sealed record Window(LoadResult Load, double? ProcessorSeconds, IReadOnlyDictionary<string, double> Parts)
{
    /// <summary>Microseconds of processor time per request.</summary>
    public double? ProcessorPerRequest => ProcessorSeconds / Load.Latencies.Length * 1e6;
}
