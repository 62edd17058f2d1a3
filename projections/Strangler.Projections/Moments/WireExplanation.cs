namespace Strangler.Projections.Moments;

internal sealed record WireExplanation(
    WireOutcome Made,
    IReadOnlyList<ExplainedRow> Rows,
    IReadOnlyList<WireChange> Changes
);
