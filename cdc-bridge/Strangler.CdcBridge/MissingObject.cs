namespace Strangler.CdcBridge;

/// <summary>The missing object that ended a stream.</summary>
internal enum MissingObject
{
    /// <summary>It ended for another reason.</summary>
    None,

    /// <summary>The source couldn't be read.</summary>
    Unknown,

    /// <summary>The slot was dropped.</summary>
    Slot,

    /// <summary>The publication didn't exist at the stream's position, whatever exists now.</summary>
    Publication,
}
