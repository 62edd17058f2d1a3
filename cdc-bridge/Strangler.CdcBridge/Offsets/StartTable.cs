namespace Strangler.CdcBridge.Offsets;

/// <summary>What the server's history is to the log's, as far as it can be told before the stream is read.</summary>
internal enum SourceHistory
{
    /// <summary>
    /// The cluster, timeline and address that the log was filled from. What it sends again is still compared.
    /// </summary>
    Same,

    /// <summary>
    /// The same cluster and timeline at another address: moved, or a copied data directory. Only what it sends again
    /// tells which.
    /// </summary>
    OtherAddress,

    /// <summary>
    /// Put back to an older copy: its write position lies before the log's end, or what it sent again was not what the
    /// log has.
    /// </summary>
    RolledBack,

    /// <summary>
    /// Another timeline that left the log's before the log's end, or at a point that isn't known: the log may have what
    /// never was.
    /// </summary>
    BranchedBefore,

    /// <summary>Another timeline that left the log's behind the log's end: it has all that the log has.</summary>
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
    /// It was confirmed through more than was acknowledged: by somebody else, or the log is older than it was.
    /// </summary>
    Ahead,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>The server has invalidated it.</summary>
    Lost,

    /// <summary>It is none of this log's: another plugin, another database, another cluster.</summary>
    Foreign,
}

/// <summary>What a start does.</summary>
internal enum StartAction
{
    /// <summary>It continues where the log ends.</summary>
    Resume,

    /// <summary>A new epoch begins with a full snapshot, by itself.</summary>
    NewEpoch,

    /// <summary>It stops, and names the interval and the command.</summary>
    Stop,
}

/// <summary>
/// The one table by which a start is decided. Pure. Where the log has what the source doesn't, it is of no use to go
/// on, and a snapshot makes the documents those of the rows again: that is done by itself, and
/// nothing is answered meanwhile. A failover that didn't keep the slot is fixed in the same way. On a history that is
/// the log's own, a slot that is gone was dropped by somebody, or the log was restored: a
/// person decides, because changes that readers of the log never see lie in between.
/// </summary>
internal static class StartTable
{
    /// <param name="history">What the server's history is to the log's.</param>
    /// <param name="slot">Where the slot is.</param>
    /// <param name="loss">Whether something may have been committed behind the log's end that the slot no longer
    /// gives.</param>
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
