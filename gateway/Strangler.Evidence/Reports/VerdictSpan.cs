namespace Strangler.Evidence.Reports;

/// <summary>Verdicts in a span of time.</summary>
/// <param name="At">Its start.</param>
/// <param name="Seconds">Its length: 60, or 3,600 once it is older than a day.</param>
/// <param name="Match">Parts that matched.</param>
public sealed record VerdictSpan(
    DateTimeOffset At,
    int Seconds,
    long Match,
    long Wrong,
    long Torn,
    long Incomparable,
    long Undetermined
);
