namespace Strangler.CdcBridge.Replication;

/// <summary>What an update or a delete contains of the old row.</summary>
internal enum OldRow : byte
{
    /// <summary>Nothing: the columns of the replica identity did not change.</summary>
    None = 0,

    /// <summary>The columns of the replica identity; all others are null.</summary>
    Key = (byte)'K',

    /// <summary>The whole row: the replica identity is FULL.</summary>
    Full = (byte)'O',
}
