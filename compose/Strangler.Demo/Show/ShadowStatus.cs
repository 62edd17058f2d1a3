namespace Strangler.Demo.Show;

/// <summary>What comparing has found since the gateway started, a verdict for each compared key.</summary>
/// <param name="Verdicts">How often each was given.</param>
/// <param name="Doubts">Why keys were incomparable or undetermined.</param>
/// <param name="Dropped">Why requests were not compared.</param>
/// <param name="Lookup">What look-ups of the compared requests took.</param>
/// <param name="Late">How long after legacy's answer a lookup would have had it too.</param>
public sealed record ShadowStatus(
    VerdictCounts Verdicts,
    IReadOnlyDictionary<string, long> Doubts,
    IReadOnlyDictionary<string, long> Dropped,
    SideStatus Lookup,
    SideStatus Late
)
{
    public static readonly ShadowStatus None = new(
        VerdictCounts.None,
        new Dictionary<string, long>(),
        new Dictionary<string, long>(),
        SideStatus.None,
        SideStatus.None
    );
}
