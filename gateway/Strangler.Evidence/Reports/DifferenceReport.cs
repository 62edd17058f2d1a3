namespace Strangler.Evidence.Reports;

/// <summary>One difference.</summary>
/// <param name="Kind">As in <see cref="DifferenceLine"/>.</param>
/// <param name="Path">Where: <c>$.items[3].qty</c>.</param>
/// <param name="General">The general path.</param>
/// <param name="Legacy">Legacy's value as JSON text; null: it has none.</param>
/// <param name="Lookup">The lookup's value.</param>
public sealed record DifferenceReport(string Kind, string Path, string General, string? Legacy, string? Lookup);
