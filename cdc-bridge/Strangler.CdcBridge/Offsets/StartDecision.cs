using Strangler.ChangeLog;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Offsets;

/// <summary>How the bridge starts.</summary>
internal abstract record StartDecision
{
    private StartDecision() { }

    /// <summary>With a full snapshot.</summary>
    /// <param name="Epoch">The epoch of its positions.</param>
    /// <param name="DropSlot">Whether a slot of ours is there that has to go first.</param>
    /// <param name="Because">Why, where it is not simply the first start.</param>
    public sealed record Begin(int Epoch, bool DropSlot, string? Because) : StartDecision;

    /// <summary>Where the log ends.</summary>
    public sealed record Resume(BridgeOffset Offset) : StartDecision;

    /// <summary>Not at all.</summary>
    public sealed record Refuse(Fault Fault) : StartDecision;

    /// <summary>Decides from what the log and the source say.</summary>
    /// <param name="slotName">The slot's configured name.</param>
    /// <param name="offset">What the log keeps for us; null if it has never been used.</param>
    /// <param name="end">Where the log ends.</param>
    /// <param name="source">Which cluster answers.</param>
    /// <param name="slot">The slot of that name; null if there is none. That nobody else holds it has been seen to.</param>
    /// <param name="resnapshot">Whether a person asks for a new snapshot.</param>
    public static StartDecision Decide(string slotName, BridgeOffset? offset, Position? end, SourceIdentity source, SlotState? slot, bool resnapshot)
    {
        if (offset is null || offset.Slot != slotName)
        {
            if (slot is not null) return No($"slot '{slotName}'", "It exists already, and this log has never used it: it may belong to someone else, and nothing says what it has sent before.",
                $"Set Source:slot.name to another name, or, if nobody needs it, run: SELECT pg_drop_replication_slot('{slotName}').");
            return offset is null ? new Begin((end?.Epoch ?? 0) + 1, false, null) : resnapshot ? new Begin(offset.Epoch + 1, false, "a new snapshot was asked for, with another slot.")
                : No("Source:slot.name", $"The log was filled from the slot '{offset.Slot}', not from '{slotName}': what was committed in between would be missing.", $"Set it back to '{offset.Slot}', or begin anew with 'strangler bridge --resnapshot' (Source:resnapshot=true).");
        }
        if (offset.System != source.System)
        {
            if (slot is not null) return No($"slot '{slotName}'", $"The server is another cluster (system identifier {source.System}, the log's is {offset.System}) and has a slot of this name that this log has never used.",
                $"If nobody needs it, run there: SELECT pg_drop_replication_slot('{slotName}').");
            return new Begin(offset.Epoch + 1, false, $"the server is another cluster (system identifier {source.System}, the log's was {offset.System}).");
        }
        if (offset.State != BridgeState.Streaming) return new Begin(offset.Epoch, slot is not null, "the snapshot before it was not completed.");
        if (resnapshot) return new Begin(offset.Epoch + 1, slot is not null, "a new snapshot was asked for.");
        if (offset.Timeline != source.Timeline)
        {
            if (source.Branch is not { } branch || branch < offset.Acknowledged) return new Begin(offset.Epoch + 1, slot is not null, $"timeline {source.Timeline} left the log's timeline {offset.Timeline} at {source.Branch?.ToString() ?? "an unknown point"}, before the log's end {end}.");
            if (slot is null) return new Begin(offset.Epoch + 1, false, $"the server is on timeline {source.Timeline}, the log was filled from timeline {offset.Timeline}, and its slot is not there.");
        }
        const string Again = "Nothing in the log is lost. To go on, take a new snapshot: 'strangler bridge --resnapshot' (Source:resnapshot=true).";
        if (slot is null) return No($"slot '{slotName}'", $"It was dropped. What was committed between {end} and {source.Written} cannot be read any more.", Again);
        if (slot.WalStatus == "lost") return No($"slot '{slotName}'", $"The server has invalidated it (wal_status 'lost'; see max_slot_wal_keep_size): what was committed between {end} and {source.Written} cannot be read any more.", Again);
        if (slot.Confirmed > offset.Acknowledged) return No($"slot '{slotName}'", $"It has been confirmed through {slot.Confirmed}, but the log ends at {end}: the store was restored from a backup, or the slot was advanced by someone. What was committed between {offset.Acknowledged} and {slot.Confirmed} is missing.", Again);
        return new Resume(offset);
    }

    private static Refuse No(string path, string problem, string wayOut) => new(new Fault(path, problem, wayOut));
}
