namespace Strangler.Gateway.Configuration;

/// <summary>
/// How much of a route may go to legacy because the lookup couldn't answer it. Nothing else of the route is limited.
/// </summary>
internal sealed record FallbackModel
{
    public static readonly FallbackModel Default = new();

    /// <summary>How many may be with legacy at once.</summary>
    /// <value>256</value>
    public int MaxConcurrent { get; init; } = 256;

    /// <summary>How many may be sent in a second. 0: the rate isn't limited.</summary>
    /// <value>0</value>
    public int MaxPerSecond { get; init; }

    /// <summary>How many may fail in a row before only one at a time is tried. 0: any number.</summary>
    /// <value>20</value>
    public int MaxFailures { get; init; } = 20;

    /// <summary>How long none is tried after the last failure.</summary>
    /// <value>1 second</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);
}
