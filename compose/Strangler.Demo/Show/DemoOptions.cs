namespace Strangler.Demo.Show;

/// <summary>What the demo was asked for.</summary>
/// <param name="Seconds">How long there is traffic.</param>
/// <param name="Keep">Whether everything goes on until Ctrl-C.</param>
/// <param name="JsonFile">Where the summary goes; null: nowhere.</param>
/// <param name="Items">How many items the shop has.</param>
public sealed record DemoOptions(int Seconds, bool Keep, string? JsonFile, int Items)
{
    /// <summary>Reads a second on the routes, hot and cold keys. Each costs the call graph about forty calls, which two cores bear beside the writes.</summary>
    public int ReadsPerSecond { get; init; } = 10;

    /// <summary>Writes a second, through the gateway.</summary>
    public int WritesPerSecond { get; init; } = 200;

    /// <summary>Reads, and writes, that may be under way at once. What is due beyond that is not sent: a slow machine gets less traffic, never a queue that ends in time-outs.</summary>
    public int InFlight { get; init; } = 16;
}
