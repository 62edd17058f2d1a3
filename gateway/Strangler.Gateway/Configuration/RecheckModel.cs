namespace Strangler.Gateway.Configuration;

/// <summary>How much of a route is compared after the lookup has answered.</summary>
internal sealed record RecheckModel
{
    public static readonly RecheckModel Default = new();

    /// <summary>The share of the requests that are compared, from 0 to 1. 0: none is.</summary>
    /// <value>0.01</value>
    public double Share { get; init; } = 0.01;

    /// <summary>
    /// How many are compared in a minute although the share is smaller, if that many come. 0: only the share.
    /// </summary>
    /// <value>6</value>
    public int MinPerMinute { get; init; } = 6;

    /// <summary>The maximum number of comparisons that begin in a second. Each asks legacy at least once.</summary>
    /// <value>2</value>
    public int MaxPerSecond { get; init; } = 2;
}
