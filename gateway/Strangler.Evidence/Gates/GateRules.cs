namespace Strangler.Evidence.Gates;

/// <summary>What a route's evidence has to show before the lookup may answer it.</summary>
internal sealed record GateRules
{
    public static readonly GateRules Default = new();

    /// <summary>The minimum number of distinct versions of keys that matched with a document.</summary>
    /// <value>1,000</value>
    public long MinMatches { get; init; } = 1_000;

    /// <summary>The minimum number of distinct keys among them. A key that neither side knows doesn't count.</summary>
    /// <value>100</value>
    public long MinKeys { get; init; } = 100;

    /// <summary>The maximum share of sampled requests for unproven keys, from 0 to 1.</summary>
    /// <value>0.01</value>
    public double MaxUnproven { get; init; } = 0.01;

    /// <summary>The maximum share of comparisons lost on the way to the store, from 0 to 1.</summary>
    /// <value>0.01</value>
    public double MaxLost { get; init; } = 0.01;

    /// <summary>The minimum share of the sampled requests whose key has matched, from 0 to 1.</summary>
    /// <value>0.95</value>
    public double MinCoverage { get; init; } = 0.95;

    /// <summary>
    /// The highest allowed upper bound, at 95 %, of the share of requests to come for keys that were never seen, from 0
    /// to 1. 1: no limit.
    /// </summary>
    /// <value>0.1</value>
    public double MaxUnseen { get; init; } = 0.1;

    /// <summary>The maximum share of compared parts that are torn, incomparable or undetermined, from 0 to 1.</summary>
    /// <value>0.1</value>
    public double MaxUnclear { get; init; } = 0.1;

    /// <summary>The minimum time for which the route has been compared with the current evidence.</summary>
    /// <value>1 hour</value>
    public TimeSpan MinTime { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The maximum age of the documents at the moment of the promotion.</summary>
    /// <value>10 seconds</value>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether the route is declared <c>Anonymous</c>: everybody may see its answers. The setting is next to the gate's
    /// section, not in it.
    /// </summary>
    /// <value>false</value>
    public bool IsAnonymous { get; init; }

    /// <summary>Whether an authorization policy of the route says who may ask it. The host enforces it.</summary>
    /// <value>false</value>
    public bool HasPolicy { get; init; }

    /// <summary>Whether legacy is asked before each lookup whether the caller may see its answer.</summary>
    /// <value>false</value>
    public bool AsksLegacy { get; init; }

    /// <summary>Whether the route says who may see its answers.</summary>
    public bool SaysWhoMaySee => IsAnonymous || HasPolicy || AsksLegacy;

    /// <summary>The highest allowed upper bound of the mismatch rate at 95 %, from 0 to 1; null: no limit.</summary>
    public double? MaxMismatchRate { get; init; }
}
