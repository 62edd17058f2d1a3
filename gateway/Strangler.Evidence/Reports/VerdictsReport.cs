namespace Strangler.Evidence.Reports;

/// <summary>Verdicts, one for each part of an answer.</summary>
/// <param name="Total">All parts.</param>
/// <param name="MatchQuiet">Equal, and nothing that the key reads changed during the call.</param>
/// <param name="MatchWithCommit">Equal to one of the moments of a bracket in which something changed.</param>
/// <param name="Wrong">Proven to differ.</param>
/// <param name="Torn">Legacy read at several moments.</param>
/// <param name="Incomparable">Legacy gave nothing to compare.</param>
/// <param name="Undetermined">Nothing can be said.</param>
/// <param name="UnclearShare">
/// Torn, incomparable and undetermined as a share of all, from 0 to 1; 0 without verdicts.
/// </param>
/// <param name="WrongBy">Whose fault it is.</param>
/// <param name="TornBy">One reason, if there are any.</param>
/// <param name="IncomparableBy">The reasons.</param>
/// <param name="UndeterminedBy">The reasons.</param>
public sealed record VerdictsReport(
    long Total,
    long MatchQuiet,
    long MatchWithCommit,
    long Wrong,
    long Torn,
    long Incomparable,
    long Undetermined,
    double UnclearShare,
    IReadOnlyList<ReasonCount> WrongBy,
    IReadOnlyList<ReasonCount> TornBy,
    IReadOnlyList<ReasonCount> IncomparableBy,
    IReadOnlyList<ReasonCount> UndeterminedBy
)
{
    /// <summary>Of the wrong ones, those whose fault is dismissed.</summary>
    public long Dismissed { get; init; }
}
