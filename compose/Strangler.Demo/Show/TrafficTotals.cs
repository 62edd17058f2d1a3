namespace Strangler.Demo.Show;

/// <summary>The traffic generator's counts.</summary>
internal sealed record TrafficTotals(long Reads, long Writes, long Dropped, long Errors)
{
    public static readonly TrafficTotals None = new(0, 0, 0, 0);
}
