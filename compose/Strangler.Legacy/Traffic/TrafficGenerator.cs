namespace Shop.Traffic;

/// <summary>Reads and writes at a steady rate, whether or not answers come in time, and ends by itself.</summary>
public static class TrafficGenerator
{
    /// <summary>Writes a line of JSON a second, and one for all at the end.</summary>
    public static Task RunAsync(TrafficOptions options, TimeProvider time, TextWriter output, CancellationToken cancellationToken) => Task.CompletedTask;
}
