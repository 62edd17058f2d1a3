namespace Strangler.CdcBridge.Offsets;

/// <summary>How far the bridge is with a source.</summary>
internal enum BridgeState
{
    /// <summary>The slot's name is chosen; the slot may or may not exist.</summary>
    Creating,

    /// <summary>The slot exists, and its snapshot is being read into the log, invisibly.</summary>
    Snapshotting,

    /// <summary>The log holds the snapshot and everything after it up to its end.</summary>
    Streaming,
}
