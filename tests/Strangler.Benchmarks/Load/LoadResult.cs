namespace Strangler.Benchmarks.Load;

/// <summary>What one window of load saw.</summary>
/// <param name="Seconds">How long it was.</param>
/// <param name="Latencies">Of every answered request, in milliseconds, sorted.</param>
/// <param name="Failed">Requests whose status was not the expected one.</param>
internal sealed record LoadResult(double Seconds, double[] Latencies, int Failed)
{
    public double PerSecond => Latencies.Length / Seconds;

    public double Quantile(double quantile) =>
        Latencies.Length == 0
            ? double.NaN
            : Latencies[Math.Min(Latencies.Length - 1, (int)(Latencies.Length * quantile))];
}
