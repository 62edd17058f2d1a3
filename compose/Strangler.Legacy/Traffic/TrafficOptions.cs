namespace Shop.Traffic;

/// <summary>How much traffic, and on what.</summary>
public sealed record TrafficOptions
{
    /// <summary>Where the shop is asked.</summary>
    public Uri Url { get; init; } = new("http://127.0.0.1/");

    /// <value>50</value>
    public int ReadsPerSecond { get; init; } = 50;

    /// <value>0</value>
    public int WritesPerSecond { get; init; }

    /// <value>A minute.</value>
    public TimeSpan Duration { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The most reads at once; one that is due beyond that waits for a place no longer than <see cref="CatchUp"/>, and
    /// is then dropped and counted.
    /// </summary>
    /// <value>64</value>
    public int ReadsInFlight { get; init; } = 64;

    /// <summary>The same for writes.</summary>
    /// <value>64</value>
    public int WritesInFlight { get; init; } = 64;

    /// <summary>
    /// How much that is due may wait for a place, told in time: what a shop that was slow for a while is behind is sent
    /// late, as quickly as there are places. At the end nothing waits any more.
    /// </summary>
    /// <value>Zero: what finds no place at once is dropped.</value>
    public TimeSpan CatchUp { get; init; } = TimeSpan.Zero;

    /// <summary>How long an answer is waited for.</summary>
    /// <value>10 s</value>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether each line also names the items whose availability was asked for.</summary>
    public bool NamesItems { get; init; }

    /// <summary>How many items the shop was seeded with.</summary>
    public int Items { get; init; } = 10_000;

    /// <summary>The same requests for the same number.</summary>
    /// <value>1</value>
    public int Seed { get; init; } = 1;
}
