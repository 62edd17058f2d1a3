namespace Strangler.Demo.Show;

/// <summary>A stage, and the second of the traffic at which it began.</summary>
public sealed record StageSpan(string Stage, double FromSecond);
