namespace Strangler.CdcBridge.Faults;

/// <summary>What a stream lacks that ended because something is not there.</summary>
internal enum MissingObject
{
    /// <summary>It ended for another reason.</summary>
    None,

    /// <summary>The source couldn't be looked at.</summary>
    Unknown,

    /// <summary>The slot was dropped.</summary>
    Slot,

    /// <summary>The publication did not exist at the stream's place, whatever is there now.</summary>
    Publication,
}
