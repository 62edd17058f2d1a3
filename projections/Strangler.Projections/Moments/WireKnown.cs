namespace Strangler.Projections.Moments;

internal sealed record WireKnown(WireMade Made, IReadOnlyList<ExplainedRow> Rows, IReadOnlyList<WireChange> Changes);
