namespace Strangler.Gateway.Configuration;

/// <summary>How much of a route is compared in stage shadow, and how.</summary>
internal sealed record ShadowModel
{
    public static readonly ShadowModel Default = new();

    /// <summary>The share of the keys that are compared, from 0 to 1.</summary>
    /// <value>1</value>
    public double Share { get; init; } = 1;

    /// <summary>The maximum number of comparisons that begin in a second.</summary>
    /// <value>50</value>
    public int PerSecond { get; init; } = 50;

    /// <summary>
    /// The maximum number of comparisons at once, counted from the end of their delay. If the watermark lags, they
    /// mostly wait for it.
    /// </summary>
    /// <value>32</value>
    public int MaxConcurrent { get; init; } = 32;

    /// <summary>The maximum number of bytes of an answer that are copied, as sent.</summary>
    /// <value>1 MiB</value>
    public int MaxBodyBytes { get; init; } = 1 << 20;

    /// <summary>
    /// How old legacy's data may be: the sum of the lifetimes of nested caches, plus the time-out of the call that
    /// fills them, plus a replica's lag.
    /// </summary>
    /// <value>0</value>
    public TimeSpan LegacyStaleness { get; init; }

    /// <summary>How far legacy's clock may differ from this gateway's.</summary>
    /// <value>1 s</value>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long after its answer a comparison begins. By then the watermark has usually passed, so comparisons are
    /// spread as evenly as the requests were. Everything that waits for the watermark would begin at once when it
    /// moves, and bursts slow down requests on the same processors.
    /// </summary>
    /// <value>2 s: twice the interval in which an idle source's watermark moves</value>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long a comparison waits for the watermark.</summary>
    /// <value>10 s</value>
    public TimeSpan Wait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The maximum number of requests a second with which legacy is asked again. 0 means never.</summary>
    /// <value>5</value>
    public int AgainPerSecond { get; init; } = 5;

    /// <summary>The maximum number of times that legacy is asked again for one comparison.</summary>
    /// <value>5</value>
    public int AgainTimes { get; init; } = 5;

    /// <summary>The pause before the second round of asking again. Each further pause is twice as long.</summary>
    /// <value>200 ms</value>
    public TimeSpan AgainPause { get; init; } = TimeSpan.FromMilliseconds(200);
}
