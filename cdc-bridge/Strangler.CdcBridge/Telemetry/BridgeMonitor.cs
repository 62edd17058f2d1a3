using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>What a bridge tells those who watch it: its instruments, what it does, and what is at risk.</summary>
public sealed class BridgeMonitor : IDisposable
{
    private volatile BridgeStatus _status = new BridgeStatus.Start();
    private volatile Fault? _risk;

    /// <summary>What the bridge does now.</summary>
    public BridgeStatus Status => _status;

    /// <summary>What the write-ahead log that the slot holds back threatens; null if nothing.</summary>
    public Fault? WalRisk => _risk;

    internal BridgeMetrics Metrics { get; } = new();

    internal void Is(BridgeStatus status) => _status = status;

    internal void Risk(Fault? risk) => _risk = risk;

    public void Dispose() => Metrics.Dispose();
}
