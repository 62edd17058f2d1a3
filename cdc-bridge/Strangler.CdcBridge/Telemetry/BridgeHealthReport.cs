namespace Strangler.CdcBridge.Telemetry;

/// <summary>How a bridge is, for those who ask over HTTP.</summary>
/// <param name="Status">
/// <c>starting</c>, <c>snapshotting</c>, <c>streaming</c>, <c>waiting</c> or <c>stopped</c>.
/// </param>
/// <param name="IsLive">Whether the process works, or waits for what may pass.</param>
/// <param name="IsReady">Whether changes reach the log.</param>
public sealed record BridgeHealthReport(string Status, bool IsLive, bool IsReady)
{
    /// <summary>Why it waits or has stopped; null if it does neither, or to whom it isn't shown.</summary>
    public string? Reason { get; init; }

    /// <summary>What the write-ahead log that the slot holds back threatens; null if nothing.</summary>
    public string? WalRisk { get; init; }

    /// <summary>How far the snapshot is; null if none is taken.</summary>
    public SnapshotReport? Snapshot { get; init; }

    /// <summary>What replaces a sentence, which may name servers and tables.</summary>
    public const string Hidden = "It is shown at a loopback address only, and in the bridge's log.";

    /// <param name="now">The time at which rates are taken.</param>
    /// <param name="hasDetails">Whether sentences are shown.</param>
    public static BridgeHealthReport Of(BridgeMonitor monitor, DateTimeOffset now, bool hasDetails)
    {
        var report = monitor.Status switch
        {
            BridgeStatus.Snapshot(var progress) => new BridgeHealthReport("snapshotting", true, false)
            {
                Snapshot = SnapshotReport.Of(progress, now),
            },
            BridgeStatus.Stream => new BridgeHealthReport("streaming", true, true),
            BridgeStatus.Wait(var reason) => new BridgeHealthReport("waiting", true, false) { Reason = reason },
            BridgeStatus.End(var faults) => new BridgeHealthReport("stopped", faults.Count == 0, false)
            {
                Reason = faults.Count == 0 ? null : string.Join(' ', faults),
            },
            _ => new BridgeHealthReport("starting", true, false),
        };
        report = report with { WalRisk = monitor.WalRisk?.ToString() };
        return hasDetails
            ? report
            : report with
            {
                Reason = report.Reason is null ? null : Hidden,
                WalRisk = report.WalRisk is null ? null : Hidden,
            };
    }
}
