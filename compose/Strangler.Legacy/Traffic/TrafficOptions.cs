namespace Shop.Traffic;

/// <summary>How much traffic to send, and where.</summary>
public sealed record TrafficOptions
{
    /// <summary>The shop's address.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1/");

    /// <value>50</value>
    public int ReadsPerSecond { get; init; } = 50;

    /// <value>0</value>
    public int WritesPerSecond { get; init; }

    /// <value>A minute.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most concurrent reads; further due reads wait for a place at most <see cref="CatchUp"/>, and are then
    /// dropped and counted.
    /// </summary>
    /// <value>64</value>
    public int ReadsInFlight { get; init; } = 64;

    /// <summary>The same for writes.</summary>
    /// <value>64</value>
    public int WritesInFlight { get; init; } = 64;

    /// <summary>
    /// How far due requests may fall behind while they wait for a place, as a time: if the shop was slow for a while,
    /// the backlog is sent late, as quickly as places become free. At the end nothing waits any more.
    /// </summary>
    /// <value>Zero: a request without a free place is dropped at once.</value>
    public TimeSpan CatchUp { get; init; } = TimeSpan.Zero;

    /// <summary>How long to wait for an answer.</summary>
    /// <value>10 s</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether each line also names the items whose availability was requested.</summary>
    public bool NamesItems { get; init; }

    /// <summary>How many items the shop was seeded with.</summary>
    public int Items { get; init; } = 10_000;

    /// <summary>The same seed gives the same requests.</summary>
    /// <value>1</value>
    public int Seed { get; init; } = 1;
}
