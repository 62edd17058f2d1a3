namespace Strangler.CdcBridge.Profiles;

/// <summary>Which deletes are followed by a tombstone.</summary>
internal enum TombstonePolicy
{
    None,

    /// <summary>Those of a table with a key.</summary>
    OfKeys,

    /// <summary>All, although a tombstone without a key says nothing.</summary>
    All,
}
