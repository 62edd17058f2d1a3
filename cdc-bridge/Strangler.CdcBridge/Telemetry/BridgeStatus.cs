using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Telemetry;

/// <summary>What a bridge does.</summary>
public abstract record BridgeStatus
{
    private BridgeStatus() { }

    /// <summary>It connects, and compares the source with the log.</summary>
    public sealed record Start : BridgeStatus;

    /// <summary>It reads the tables of a snapshot.</summary>
    public sealed record Snapshot(SnapshotProgress Progress) : BridgeStatus;

    /// <summary>It reads the stream.</summary>
    public sealed record Stream : BridgeStatus;

    /// <summary>It does nothing until something passes, or a person fixes it.</summary>
    /// <param name="Reason">A sentence.</param>
    public sealed record Wait(string Reason) : BridgeStatus;

    /// <summary>It has ended with faults, or because everything is done.</summary>
    public sealed record End(IReadOnlyList<Fault> Faults) : BridgeStatus;
}
