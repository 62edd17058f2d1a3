namespace Strangler.Evidence.Reports;

/// <summary>
/// Durations in milliseconds; null if nothing was measured. Quantiles are at most a thirty-second too high.
/// </summary>
/// <param name="Count">The number of measurements.</param>
public sealed record DurationFigures(long Count, double? P50, double? P90, double? P99, double? Max);
