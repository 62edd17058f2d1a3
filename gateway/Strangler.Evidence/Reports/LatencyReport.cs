namespace Strangler.Evidence.Reports;

/// <summary>How long each side takes, and how late a lookup would have been.</summary>
/// <param name="Legacy">From the request's head to the answer's last byte.</param>
/// <param name="Lookup">A look-up of the same request at the same time.</param>
/// <param name="Late">How long after legacy's answer the documents passed the bracket.</param>
public sealed record LatencyReport(DurationFigures Legacy, DurationFigures Lookup, DurationFigures Late);
