using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>How the bridge starts.</summary>
internal abstract record StartDecision
{
    private const string Again =
        "Nothing in the log is lost. To continue, take a new snapshot: 'strangler bridge --resnapshot' "
        + "(Source:resnapshot=true).";

    private StartDecision() { }

    /// <summary>With a full snapshot.</summary>
    /// <param name="Epoch">The epoch of its positions.</param>
    /// <param name="DropSlot">Whether our slot exists and must be dropped first.</param>
    /// <param name="Because">Why, unless it is simply the first start.</param>
    public sealed record Begin(int Epoch, bool DropSlot, string? Because) : StartDecision;

    /// <summary>With the rest of an interrupted snapshot.</summary>
    /// <param name="Offset">It says what was read.</param>
    /// <param name="Kept">The last record that the log has kept.</param>
    public sealed record Continue(BridgeOffset Offset, Position Kept) : StartDecision;

    /// <summary>Where the log ends.</summary>
    public sealed record Resume(BridgeOffset Offset) : StartDecision;

    /// <summary>Not at all.</summary>
    public sealed record Refuse(Fault Fault) : StartDecision;

    /// <summary>
    /// Decides from what the log and the source say. A person's request and unfinished snapshots come first, then
    /// <see cref="StartTable"/>.
    /// </summary>
    /// <param name="slotName">The slot's configured name.</param>
    /// <param name="offset">What the log stores for us; null if it has never been used.</param>
    /// <param name="end">The log's end.</param>
    /// <param name="source">Which cluster answers.</param>
    /// <param name="slot">
    /// The slot of that name; null if none exists. Nobody else holds it: that has been ensured.
    /// </param>
    /// <param name="resnapshot">Whether a person requests a new snapshot.</param>
    /// <param name="difference">
    /// The difference found when the server sent again what the log has; null if none so far.
    /// </param>
    /// <param name="kept">The last record of an interrupted snapshot; null if the log has kept nothing.</param>
    public static StartDecision Decide(
        string slotName,
        BridgeOffset? offset,
        Position? end,
        SourceIdentity source,
        SlotState? slot,
        bool resnapshot,
        HistoryDifference? difference = null,
        Position? kept = null
    )
    {
        if (offset is null || offset.Slot != slotName)
        {
            if (slot is not null)
                return No(
                    $"slot '{slotName}'",
                    "It exists already, and this log has never used it: it may belong to someone else, and nothing "
                        + "says what it has sent before.",
                    "Set Source:slot.name to another name, or, if nobody needs it, run: SELECT "
                        + $"pg_drop_replication_slot('{slotName}')."
                );
            return offset is null ? new Begin((end?.Epoch ?? 0) + 1, false, null)
                : resnapshot ? new Begin(offset.Epoch + 1, false, "a new snapshot was asked for, with another slot.")
                : No(
                    "Source:slot.name",
                    $"The log was filled from the slot '{offset.Slot}', not from '{slotName}': what was committed in "
                        + "between would be missing.",
                    $"Set it back to '{offset.Slot}', or start over with 'strangler bridge --resnapshot' "
                        + "(Source:resnapshot=true)."
                );
        }
        var history = History(offset, end, source, difference);
        var place = Place(offset, source, slot);
        if (place is SlotPlace.Foreign)
            return new Refuse(Foreign(slotName, offset, source, slot!));
        if (history is not SourceHistory.OtherCluster)
        {
            if (
                offset.State == BridgeState.Snapshotting
                && history is SourceHistory.Same
                && place is SlotPlace.AtPlace
                && !resnapshot
                && kept is { } last
                && HasRead(offset, last)
            )
                return new Continue(offset, last);
            if (offset.State != BridgeState.Streaming)
                return new Begin(offset.Epoch, slot is not null, "the snapshot before it was not completed.");
            if (resnapshot)
                return new Begin(offset.Epoch + 1, slot is not null, "a new snapshot was asked for.");
        }
        var reached = Reached(offset, end);
        var loss = place is SlotPlace.Missing or SlotPlace.Lost ? source.Written > reached : slot!.Confirmed > reached;
        return StartTable.Of(history, place, loss) switch
        {
            StartAction.Resume => new Resume(offset),
            StartAction.NewEpoch => new Begin(
                offset.Epoch + 1,
                slot is not null,
                Reason(history, offset, end, source, slot, difference)
            ),
            _ => new Refuse(Interval(slotName, offset, end, source, place, slot)),
        };
    }

    /// <summary>Whether what the log has kept is what the offset says that the snapshot has read.</summary>
    private static bool HasRead(BridgeOffset offset, Position kept) =>
        offset.Partial is { } partial
        && (kept.Epoch, kept.Commit) == (offset.Epoch, offset.Acknowledged.JustBefore)
        && (partial.Through.Epoch, partial.Through.Commit) == (kept.Epoch, kept.Commit)
        && partial.Through <= kept;

    private static SourceHistory History(
        BridgeOffset offset,
        Position? end,
        SourceIdentity source,
        HistoryDifference? difference
    )
    {
        if (offset.System != source.System)
            return SourceHistory.OtherCluster;
        if (difference is not null)
            return SourceHistory.RolledBack;
        if (offset.Timeline != source.Timeline)
            return source.Branch is { } branch && branch >= offset.Acknowledged && branch > end?.Commit
                ? SourceHistory.BranchedAfter
                : SourceHistory.BranchedBefore;
        // The server only sends what it has written durably, so it can't have less than the log unless it was put back.
        if (offset.State is BridgeState.Streaming && source.Written <= end?.Commit)
            return SourceHistory.RolledBack;
        return offset.Host is { } host && source.Host is { } now && host != now
            ? SourceHistory.OtherAddress
            : SourceHistory.Same;
    }

    private static SlotPlace Place(BridgeOffset offset, SourceIdentity source, SlotState? slot)
    {
        if (slot is null)
            return SlotPlace.Missing;
        if (
            offset.System != source.System
            || slot.Plugin != "pgoutput"
            || (source.Database is { } database && slot.Database != database)
        )
            return SlotPlace.Foreign;
        if (slot.WalStatus == "lost")
            return SlotPlace.Lost;
        return slot.Confirmed.CompareTo(offset.Acknowledged) switch
        {
            0 => SlotPlace.AtPlace,
            < 0 => SlotPlace.Behind,
            _ => SlotPlace.Ahead,
        };
    }

    /// <summary>
    /// The log has everything that committed before this point: the end of a commit is known only for the last one.
    /// </summary>
    private static Lsn Reached(BridgeOffset offset, Position? end)
    {
        var kept = offset.Acknowledged;
        if (end is { } last && last.Epoch == offset.Epoch && last.Commit >= kept)
            kept = new Lsn(last.Commit.Value + 1);
        return offset.LastCommit is { } commit && commit > kept ? commit : kept;
    }

    private static string Reason(
        SourceHistory history,
        BridgeOffset offset,
        Position? end,
        SourceIdentity source,
        SlotState? slot,
        HistoryDifference? difference
    ) =>
        history switch
        {
            SourceHistory.OtherCluster =>
                $"the server is another cluster (system identifier {source.System}, the log's was {offset.System}).",
            SourceHistory.RolledBack when difference is not null =>
                $"the source has another history than the log, which ends at {end}: {difference}. It was put back to "
                    + "an older copy, or is one.",
            SourceHistory.RolledBack => $"the source was put back to an older copy: "
                + $"it has written up to {source.Written}, the log ends at {end}.",
            SourceHistory.BranchedBefore => $"timeline {source.Timeline} left the log's timeline {offset.Timeline} at "
                + $"{source.Branch?.ToString() ?? "an unknown point"}, before the log's end {end}.",
            SourceHistory.BranchedAfter =>
                $"the server is on timeline {source.Timeline}, the log was filled from timeline {offset.Timeline}, "
                    + $"and its slot {(slot is null ? "doesn't exist" : "is lost")}: what was committed between {end} "
                    + $"and {source.Written} is in the snapshot only.",
            _ => $"the slot {(slot is null ? "doesn't exist" : "is lost")}; "
                + $"nothing was committed after the log's end {end}.",
        };

    private static Fault Foreign(string slotName, BridgeOffset offset, SourceIdentity source, SlotState slot) =>
        offset.System != source.System
            ? new(
                $"slot '{slotName}'",
                $"The server is another cluster (system identifier {source.System}, the log's is {offset.System}) "
                    + "and has a slot of this name that this log has never used.",
                $"If nobody needs it, run there: SELECT pg_drop_replication_slot('{slotName}')."
            )
            : new(
                $"slot '{slotName}'",
                $"It doesn't belong to this log: its plugin is '{slot.Plugin}' and its database '{slot.Database}', "
                    + "where "
                    + $"'pgoutput' and '{source.Database}' are needed.",
                "Set Source:slot.name to another name, with 'strangler bridge --resnapshot' (Source:resnapshot=true)."
            );

    private static Fault Interval(
        string slotName,
        BridgeOffset offset,
        Position? end,
        SourceIdentity source,
        SlotPlace place,
        SlotState? slot
    ) =>
        new(
            $"slot '{slotName}'",
            place switch
            {
                SlotPlace.Missing =>
                    $"It was dropped. What was committed between {end} and {source.Written} can no longer be read.",
                SlotPlace.Lost =>
                    "The server has invalidated it (wal_status 'lost'; see max_slot_wal_keep_size): what was "
                        + $"committed between {end} and {source.Written} can no longer be read.",
                _ => $"It has been confirmed through {slot!.Confirmed}, but the log ends at {end}: the store was "
                    + "restored from a backup, or the slot was advanced by someone. What was committed between "
                    + $"{offset.Acknowledged} and {slot.Confirmed} is missing.",
            },
            Again
        );

    private static Refuse No(string path, string problem, string wayOut) => new(new Fault(path, problem, wayOut));
}
