namespace Strangler.Demo.Show;

/// <summary>
/// When the demo's routes advance: for a tenth of the time only the call graph answers, then answers are compared, and
/// at the end the lookup answers.
/// </summary>
/// <param name="Seconds">How long traffic runs.</param>
internal sealed record DemoPlan(int Seconds)
{
    private const double ShadowAt = 0.1;
    private const double LookupShare = 0.12;
    private const double MinLookupSeconds = 15;

    /// <summary>How many distinct matches each route's gate requires: one per second.</summary>
    public int Matches => Seconds;

    public bool IsShadowDue(TimeSpan elapsed) => elapsed.TotalSeconds >= Seconds * ShadowAt;

    // A larger share of a short time: a gate first waits for comparisons under way.
    public bool IsLookupDue(TimeSpan elapsed) =>
        elapsed.TotalSeconds >= Seconds - Math.Max(Seconds * LookupShare, Math.Min(MinLookupSeconds, Seconds / 4.0));
}
