namespace Strangler.CdcBridge.Offsets;

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
