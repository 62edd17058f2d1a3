using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>What a look at the catalogue says of one captured table: it is complete, or it has a gap. Pure.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Name">Its name.</param>
/// <param name="Oid">Its object id; 0: there is none.</param>
/// <param name="Table">The table as it is published; null where it is not.</param>
/// <param name="Gap">Why its changes do not all come; null if they do.</param>
/// <param name="Unreadable">Why it could not be read again; null if it could.</param>
internal sealed record TableState(
    string Topic,
    TableName Name,
    uint Oid,
    CatalogueTable? Table,
    Fault? Gap,
    Fault? Unreadable
)
{
    /// <summary>Whether the look that finds the gap fixes it too, or the next one: nobody else has to.</summary>
    public bool MendsItself { get; init; }

    /// <summary>Why the table stays in doubt, given what was last read of it; null if it does not.</summary>
    public Fault? DoubtAfter(TableOffset? known) =>
        Gap ?? (Unreadable is not null && known?.Fingerprint != Table!.Fingerprint() ? Unreadable : null);

    /// <summary>What the offset holds of a table in this state.</summary>
    public string MarkAfter(TableOffset? known) =>
        DoubtAfter(known) is { } doubt ? TableOffset.MarkOf(doubt) : Table!.Fingerprint();
}
