namespace Strangler.Demo.Show;

/// <summary>
/// When the demo's routes continue: a tenth of the time the call graph answers alone, then they are compared, and at
/// the end the lookup answers.
/// </summary>
/// <param name="Seconds">How long there is traffic.</param>
internal sealed record DemoPlan(int Seconds)
{
    private const double ShadowAt = 0.1;
    private const double LookupShare = 0.12;
    private const double MinLookupSeconds = 15;

    /// <summary>How many distinct matches each route's gate asks for: one for each second.</summary>
    public int Matches => Seconds;

    public bool IsShadowDue(TimeSpan elapsed) => elapsed.TotalSeconds >= Seconds * ShadowAt;

    // Of a short time a greater part: a gate first waits for the comparisons that are under way.
    public bool IsLookupDue(TimeSpan elapsed) =>
        elapsed.TotalSeconds >= Seconds - Math.Max(Seconds * LookupShare, Math.Min(MinLookupSeconds, Seconds / 4.0));
}
