namespace Strangler.CdcBridge.Offsets;

/// <summary>Where the slot is.</summary>
internal enum SlotPlace
{
    /// <summary>It was confirmed through what was acknowledged.</summary>
    AtPlace,

    /// <summary>
    /// It was confirmed through less: the server forgot an acknowledgement in a crash, or the slot is a copy. It sends
    /// more again.
    /// </summary>
    Behind,

    /// <summary>
    /// It was confirmed through more than was acknowledged: by somebody else, or the log was put back to an older
    /// state.
    /// </summary>
    Ahead,

    /// <summary>It doesn't exist.</summary>
    Missing,

    /// <summary>The server has invalidated it.</summary>
    Lost,

    /// <summary>It isn't this log's: another plugin, another database, another cluster.</summary>
    Foreign,
}
