using Strangler.CdcBridge.Schema;

namespace Strangler.CdcBridge.Snapshots;

/// <summary>A table whose rows a snapshot reads.</summary>
/// <param name="Table">Its columns are those that are read.</param>
/// <param name="Model">How its rows are written.</param>
/// <param name="Topic">The topic by which the log knows it; null if the log doesn't.</param>
/// <param name="Words">
/// Debezium's word for a row's place: whether it is the table's first, its last, and the snapshot's last.
/// </param>
internal sealed record SnapshotTable(
    CatalogueTable Table,
    RelationModel Model,
    string? Topic,
    Func<bool, bool, bool, string> Words
);
