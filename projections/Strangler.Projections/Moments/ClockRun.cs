namespace Strangler.Projections.Moments;

/// <summary>f's result from a clock on.</summary>
internal sealed record ClockRun(DateTimeOffset Clock, Made Made);
