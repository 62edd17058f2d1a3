using Strangler.Demo.Sample;

namespace Strangler.Demo.Show;

/// <summary>The demo's options.</summary>
/// <param name="Seconds">How long traffic runs.</param>
/// <param name="Keep">Whether everything continues until Ctrl-C.</param>
/// <param name="JsonFile">The file for the summary; null: none.</param>
/// <param name="Items">How many items the shop has.</param>
public sealed record DemoOptions(int Seconds, bool Keep, string? JsonFile, int Items)
{
    /// <summary>The mistake that is planted in the projection of availabilities; null: none.</summary>
    public PlantedFault? Fault { get; init; }

    /// <summary>How long the legacy system caches an availability; 0: not at all.</summary>
    public int CacheSeconds { get; init; }

    /// <summary>The Kafka broker that holds the change log, as <c>HOST:PORT</c>; null: it is in the store.</summary>
    public string? Kafka { get; init; }

    /// <summary>
    /// Reads per second on the routes. Most are about an item, four calls each; a sixth are about availabilities, which
    /// cost the call graph about forty calls per key. Together they name almost fifty keys a second, which two cores
    /// can handle in addition to the writes.
    /// </summary>
    public int ReadsPerSecond { get; init; } = 45;

    /// <summary>Writes per second, through the gateway.</summary>
    public int WritesPerSecond { get; init; } = 200;

    /// <summary>
    /// The most concurrent reads. Further due reads wait, but no more than <see cref="CatchUpSeconds"/> allows; the
    /// rest are not sent: a slow machine gets less traffic, never a queue that ends in time-outs. The number is small:
    /// a read is a fan-out of dozens of calls, and more of them than keep a processor busy only slow each other down.
    /// </summary>
    public int ReadsInFlight { get; init; } = 6;

    /// <summary>The same for writes.</summary>
    public int WritesInFlight { get; init; } = 16;

    /// <summary>How long to wait for an answer, in seconds: as long as the services wait for each other.</summary>
    public int PatienceSeconds { get; init; } = 30;

    /// <summary>
    /// How far the traffic may fall behind and still catch up, in seconds: everything is slow in the first seconds,
    /// until the code has been compiled.
    /// </summary>
    public int CatchUpSeconds { get; init; } = 10;
}
