namespace Strangler.Demo.Show;

/// <summary>How often each verdict occurred.</summary>
/// <param name="Match">Equal to what legacy could have answered.</param>
/// <param name="Quiet">Matches of keys of which nothing changed meanwhile.</param>
/// <param name="WithCommit">Matches of keys that a commit changed meanwhile.</param>
/// <param name="Wrong">Proven to differ.</param>
/// <param name="Torn">Legacy read at several moments.</param>
/// <param name="Incomparable">Legacy gave nothing to compare.</param>
/// <param name="Undetermined">Nothing can be said.</param>
public sealed record VerdictCounts(
    long Match,
    long Quiet,
    long WithCommit,
    long Wrong,
    long Torn,
    long Incomparable,
    long Undetermined
)
{
    public static readonly VerdictCounts None = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>All verdicts.</summary>
    public long Compared => Match + Wrong + Torn + Incomparable + Undetermined;

    /// <summary>The share of verdicts that are neither match nor wrong, from 0 to 1; 0 without verdicts.</summary>
    public double UnclearShare =>
        Compared == 0 ? 0 : Math.Round((double)(Torn + Incomparable + Undetermined) / Compared, 4);

    public static VerdictCounts operator +(VerdictCounts one, VerdictCounts other) =>
        new(
            one.Match + other.Match,
            one.Quiet + other.Quiet,
            one.WithCommit + other.WithCommit,
            one.Wrong + other.Wrong,
            one.Torn + other.Torn,
            one.Incomparable + other.Incomparable,
            one.Undetermined + other.Undetermined
        );

    public static VerdictCounts Of(IEnumerable<RouteStatus> routes) =>
        routes.Aggregate(None, (sum, route) => sum + route.Shadow.Verdicts);
}
