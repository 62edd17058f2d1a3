namespace Strangler.Demo.Show;

/// <summary>Comparison results since the gateway started, one verdict per compared key.</summary>
/// <param name="Verdicts">How often each verdict occurred.</param>
/// <param name="Doubts">Why keys were incomparable or undetermined.</param>
/// <param name="Dropped">Why requests were not compared.</param>
/// <param name="Lookup">Durations of look-ups for the compared requests.</param>
/// <param name="Late">How long after legacy's answer a lookup would have had it, too.</param>
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
