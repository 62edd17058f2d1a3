namespace Strangler.Benchmarks.Load;

/// <summary>The measurements of one window of load.</summary>
/// <param name="Seconds">How long it was.</param>
/// <param name="Latencies">The latencies of all answered requests, in milliseconds, sorted.</param>
/// <param name="Failed">Requests with an unexpected status.</param>
internal sealed record LoadResult(double Seconds, double[] Latencies, int Failed)
{
    public double PerSecond => Latencies.Length / Seconds;

    public double Quantile(double quantile) =>
        Latencies.Length == 0
            ? double.NaN
            : Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * quantile))];
}
