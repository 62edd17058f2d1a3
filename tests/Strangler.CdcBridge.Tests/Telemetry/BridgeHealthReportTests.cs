using Strangler.CdcBridge.Telemetry;
using Strangler.Foundation.Faults;
using Xunit;

namespace Strangler.CdcBridge.Tests.Telemetry;

public sealed class BridgeHealthReportTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Fault Fault = new("slot 'shop'", "It was dropped.", "Take a new snapshot.");
    private readonly BridgeMonitor _monitor = new();

    public static TheoryData<string, bool, bool, string?> States =>
        new()
        {
            { "starting", true, false, null },
            { "snapshotting", true, false, null },
            { "streaming", true, true, null },
            { "waiting", true, false, "The connection is lost." },
            { "stopped", false, false, $"{Fault}" },
        };

    [Theory]
    [MemberData(nameof(States))]
    public void Of_State_SaysWhetherItWorks(string status, bool isLive, bool isReady, string? reason)
    {
        _monitor.Is(
            status switch
            {
                "snapshotting" => new BridgeStatus.Snapshot(new SnapshotProgress(2, 1, 600, 1_800, Noon)),
                "streaming" => new BridgeStatus.Stream(),
                "waiting" => new BridgeStatus.Wait("The connection is lost."),
                "stopped" => new BridgeStatus.End([Fault]),
                _ => new BridgeStatus.Start(),
            }
        );

        var report = BridgeHealthReport.Of(_monitor, Noon.AddMinutes(1), hasDetails: true);
        var hidden = BridgeHealthReport.Of(_monitor, Noon.AddMinutes(1), hasDetails: false);

        Assert.Equal((status, isLive, isReady), (report.Status, report.IsLive, report.IsReady));
        Assert.Equal(reason, report.Reason);
        Assert.Equal(reason is null ? null : BridgeHealthReport.Hidden, hidden.Reason);
        Assert.Equal(status == "snapshotting" ? new SnapshotReport(2, 1, 600, 1_800, 10, 120) : null, report.Snapshot);
    }

    [Fact]
    public void Of_WalAtRisk_SaysSoWhileItStreams()
    {
        _monitor.Is(new BridgeStatus.Stream());
        _monitor.Risk(Fault);

        Assert.Equal($"{Fault}", BridgeHealthReport.Of(_monitor, Noon, hasDetails: true).WalRisk);
        Assert.Equal(BridgeHealthReport.Hidden, BridgeHealthReport.Of(_monitor, Noon, hasDetails: false).WalRisk);
    }

    public void Dispose() => _monitor.Dispose();
}
