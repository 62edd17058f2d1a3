namespace Strangler.CdcBridge.Offsets;

/// <summary>What the write-ahead log that the slot holds back threatens, the worse the greater.</summary>
internal enum WalRisk
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>
    /// More is kept than <c>max_wal_size</c> (wal_status <c>extended</c>): only for the slot, and until it advances.
    /// </summary>
    Extended,

    /// <summary>More is kept than the configuration lets pass, or than half of what the server allows.</summary>
    Held,

    /// <summary>The next checkpoint may invalidate the slot (wal_status <c>unreserved</c>).</summary>
    Unreserved,

    /// <summary>The server has invalidated the slot.</summary>
    Lost,
}
