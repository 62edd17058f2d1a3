namespace Strangler.CdcBridge.Offsets;

/// <summary>What a start does.</summary>
internal enum StartAction
{
    /// <summary>It continues where the log ends.</summary>
    Resume,

    /// <summary>A new epoch begins with a full snapshot, automatically.</summary>
    NewEpoch,

    /// <summary>It stops, and names the lost interval and the command.</summary>
    Stop,
}
