namespace Strangler.Demo.Show;

/// <summary>A line of the traffic generator: what it did in a second, or, at the end, in all.</summary>
internal sealed record TrafficLine(bool Total, long Reads, long Writes, long Failed);
