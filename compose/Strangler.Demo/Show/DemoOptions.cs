using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>What the demo was asked for.</summary>
/// <param name="Seconds">How long there is traffic.</param>
/// <param name="Keep">Whether everything continues until Ctrl-C.</param>
/// <param name="JsonFile">Where the summary goes; null: nowhere.</param>
/// <param name="Items">How many items the shop has.</param>
public sealed record DemoOptions(int Seconds, bool Keep, string? JsonFile, int Items)
{
    /// <summary>The mistake that is planted in the projection of availabilities; null: none.</summary>
    public PlantedFault? Fault { get; init; }

    /// <summary>How long the legacy system keeps an availability; 0: not at all.</summary>
    public int CacheSeconds { get; init; }

    /// <summary>
    /// Reads a second on the routes. Most are about an item, four calls each; a sixth is about availabilities, which
    /// cost the call graph about forty calls a key. Together they name almost fifty keys a second, which two cores bear
    /// beside the writes.
    /// </summary>
    public int ReadsPerSecond { get; init; } = 45;

    /// <summary>Writes a second, through the gateway.</summary>
    public int WritesPerSecond { get; init; } = 200;

    /// <summary>
    /// Reads that may be under way at once. What is due beyond that waits, no more of it than
    /// <see cref="CatchUpSeconds"/> say, and is not sent otherwise: a slow machine gets less traffic, never a queue
    /// that ends in time-outs. Few: a read is a fan-out of dozens of calls, and a processor has no use for more of them
    /// than keep it busy, only for what each of them does.
    /// </summary>
    public int ReadsInFlight { get; init; } = 6;

    /// <summary>The same for writes.</summary>
    public int WritesInFlight { get; init; } = 16;

    /// <summary>How long an answer is waited for, in seconds: as long as the services wait for each other.</summary>
    public int PatienceSeconds { get; init; } = 30;

    /// <summary>
    /// How far the traffic may fall behind and still catch up, in seconds: everything is slow in its first seconds,
    /// until its code has been compiled.
    /// </summary>
    public int CatchUpSeconds { get; init; } = 10;
}
