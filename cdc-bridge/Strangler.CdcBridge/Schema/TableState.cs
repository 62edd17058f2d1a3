using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Offsets;
using Strangler.Foundation.Faults;

namespace Strangler.CdcBridge.Schema;

/// <summary>What a look at the catalogue says about a captured table: it is complete, or it has a gap. Pure.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Name">Its name.</param>
/// <param name="Oid">Its object id; 0 if it doesn't exist.</param>
/// <param name="Table">The table as published; null if it isn't.</param>
/// <param name="Gap">Why not all of its changes are sent; null if they are.</param>
/// <param name="Unreadable">Why it can't be read again; null if it can.</param>
internal sealed record TableState(
    string Topic,
    TableName Name,
    uint Oid,
    CatalogueTable? Table,
    Fault? Gap,
    Fault? Unreadable
)
{
    /// <summary>Whether this look or a later one fixes the gap, without anybody's help.</summary>
    public bool MendsItself { get; init; }

    /// <summary>Why the table stays in doubt, given what was last read of it; null if it doesn't.</summary>
    public Fault? DoubtAfter(TableOffset? known) =>
        Gap ?? (Unreadable is not null && known?.Fingerprint != Table!.Fingerprint() ? Unreadable : null);

    /// <summary>The fingerprint that the offset stores for a table in this state.</summary>
    public string MarkAfter(TableOffset? known) =>
        DoubtAfter(known) is { } doubt ? TableOffset.MarkOf(doubt) : Table!.Fingerprint();
}
