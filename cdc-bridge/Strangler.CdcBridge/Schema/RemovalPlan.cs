using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;

namespace Strangler.CdcBridge.Schema;

/// <summary>What 'strangler bridge drop' removes from the source. Pure.</summary>
/// <param name="DropsSlot">Whether the slot is removed.</param>
/// <param name="DropsPublication">Whether the publication is removed.</param>
/// <param name="Notes">What isn't removed, and why.</param>
internal sealed record RemovalPlan(bool DropsSlot, bool DropsPublication, IReadOnlyList<string> Notes)
{
    /// <summary>The slot and the publication that the configuration names, and nothing else.</summary>
    /// <param name="slot">Null if it doesn't exist.</param>
    /// <param name="publication">Null if it doesn't exist.</param>
    /// <param name="anyPublication">Whether a publication is removed that somebody else created.</param>
    public static RemovalPlan Of(
        BridgeConfig config,
        SlotState? slot,
        PublicationState? publication,
        bool anyPublication
    )
    {
        var isOurs = slot is null || (slot.Plugin == "pgoutput" && slot.Database == config.Database);
        var isMade = publication?.Comment == PublicationState.CommentOf(config.Slot);
        List<string> notes = [];
        if (slot is null)
            notes.Add($"The slot '{config.Slot}' doesn't exist.");
        else if (!isOurs)
            notes.Add(
                $"The slot '{config.Slot}' stays: its plugin is '{slot.Plugin}' and its database '{slot.Database}', "
                    + $"so it isn't one of a bridge of '{config.Database}'."
            );
        if (publication is null)
            notes.Add($"The publication '{config.Publication}' doesn't exist.");
        else if (!isMade && !anyPublication)
            notes.Add(
                $"The publication '{config.Publication}' stays: its comment doesn't say that the bridge of the slot "
                    + $"'{config.Slot}' created it. With --publication it is removed as well."
            );
        return new RemovalPlan(
            slot is not null && isOurs,
            publication is not null && (isMade || anyPublication),
            notes
        );
    }
}
