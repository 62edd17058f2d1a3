namespace Strangler.CdcBridge.Configuration;

/// <summary>When a snapshot is taken (<c>snapshot.mode</c>).</summary>
internal enum SnapshotMode
{
    /// <summary>At the first start; then the stream follows.</summary>
    Initial,

    /// <summary>At the first start; then the bridge ends.</summary>
    InitialOnly,

    /// <summary>Never: the stream begins where the slot does.</summary>
    NoData,

    /// <summary>At the first start, and when the slot no longer has what the position needs.</summary>
    WhenNeeded,

    /// <summary>At each start.</summary>
    Always,
}
