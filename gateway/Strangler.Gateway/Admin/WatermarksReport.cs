namespace Strangler.Gateway.Admin;

/// <summary>How far each projection is.</summary>
public sealed record WatermarksReport(IReadOnlyList<WatermarkReport> Watermarks)
{
    /// <summary>The source's clock relative to this gateway's. Null if the source hasn't been looked at.</summary>
    public ClockReport? SourceClock { get; init; }
}
