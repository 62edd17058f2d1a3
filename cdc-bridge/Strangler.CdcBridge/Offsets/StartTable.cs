namespace Strangler.CdcBridge.Offsets;

/// <summary>
/// How the server's history relates to the log's, as far as can be determined before the stream is read.
/// </summary>
internal enum SourceHistory
{
    /// <summary>
    /// The cluster, timeline and address that the log was filled from. What it sends again is still compared.
    /// </summary>
    Same,

    /// <summary>
    /// The same cluster and timeline at another address: it moved, or is a copied data directory. Only what it sends
    /// again shows which.
    /// </summary>
    OtherAddress,

    /// <summary>
    /// Put back to an older copy: its write position is before the log's end, or what it sent again was not what the
    /// log has.
    /// </summary>
    RolledBack,

    /// <summary>
    /// Another timeline that left the log's before the log's end, or at an unknown point: the log may have changes that
    /// this history never had.
    /// </summary>
    BranchedBefore,

    /// <summary>Another timeline that left the log's after the log's end: it has everything that the log has.</summary>
    BranchedAfter,

    /// <summary>Another system identifier.</summary>
    OtherCluster,
}

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

/// <summary>
/// The one table that decides a start. Pure. If the log has what the source doesn't, continuing is useless, and a
/// snapshot makes the documents match the rows again: that happens automatically, and nothing is answered in the
/// meantime. A failover that didn't keep the slot is fixed in the same way. On the log's own history, a missing slot
/// was dropped by somebody, or the log was restored: a person decides, because readers of the log never see the changes
/// in between.
/// </summary>
internal static class StartTable
{
    /// <param name="history">How the server's history relates to the log's.</param>
    /// <param name="slot">Where the slot is.</param>
    /// <param name="loss">
    /// Whether something may have been committed after the log's end that the slot no longer provides.
    /// </param>
    public static StartAction Of(SourceHistory history, SlotPlace slot, bool loss) =>
        (history, slot, loss) switch
        {
            (_, SlotPlace.Foreign, _) => StartAction.Stop,
            (SourceHistory.OtherCluster, SlotPlace.Missing, _) => StartAction.NewEpoch,
            (SourceHistory.OtherCluster, _, _) => StartAction.Stop,
            (SourceHistory.RolledBack or SourceHistory.BranchedBefore, _, _) => StartAction.NewEpoch,
            (SourceHistory.BranchedAfter, SlotPlace.Missing or SlotPlace.Lost, _) => StartAction.NewEpoch,
            (_, SlotPlace.Missing or SlotPlace.Lost, false) => StartAction.NewEpoch,
            (_, _, true) => StartAction.Stop,
            (_, _, false) => StartAction.Resume,
        };
}
