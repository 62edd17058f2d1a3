using System.Globalization;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Profiles;
using Strangler.CdcBridge.Wire;

namespace Strangler.CdcBridge.Schema;

/// <summary>A published table as the catalogue has it.</summary>
/// <param name="Partitioned">Whether it is a partitioned table that is published under its own name.</param>
/// <param name="Identity">Its replica identity.</param>
/// <param name="Key">
/// The columns of its key in order: those of the identity's index if it is USING INDEX, else the primary key's.
/// </param>
/// <param name="IsFiltered">Whether the publication has a row filter for it.</param>
/// <param name="IsNarrowed">Whether the publication omits columns of it that could be sent.</param>
/// <param name="ForeignPart">
/// A partition whose changes are not in the write-ahead log of this database; null if none.
/// </param>
/// <param name="Membership">
/// The publication, and the table's entry in it. A table that was removed and added again has a new entry, and changes
/// were missed.
/// </param>
/// <param name="Files">The files that store its rows: a rewritten or truncated table has other ones.</param>
/// <param name="Types">The labels and attributes of the types that its columns use.</param>
/// <param name="Columns">The published columns, in the catalogue's order.</param>
internal sealed record CatalogueTable(
    uint Oid,
    string Schema,
    string Table,
    bool Partitioned,
    char Identity,
    IReadOnlyList<string> Key,
    bool IsFiltered,
    bool IsNarrowed,
    string? ForeignPart,
    string Membership,
    string? Files,
    string? Types,
    IReadOnlyList<CatalogueColumn> Columns
)
{
    /// <summary>
    /// The columns of the primary key, or else all columns of the first unique index: Debezium's choice of a key.
    /// </summary>
    public IReadOnlyList<string> UniqueKey { get; init; } = [];

    /// <summary>
    /// All columns: those that the publication leaves out and generated ones too, which a snapshot of Debezium has.
    /// </summary>
    public IReadOnlyList<CatalogueColumn> AllColumns { get; init; } = [];

    /// <summary>Whether it is a table, partitioned or not, and no view or foreign table.</summary>
    public bool IsTable { get; init; }

    public TableName Name => new(Schema, Table);

    /// <summary>What only the catalogue knows about the table.</summary>
    public TableFacts Facts => new(Key, UniqueKey, AllColumns.ToDictionary(column => column.Name));

    /// <summary>The table as the stream will describe it (logicalrep_write_attrs): FULL marks every column.</summary>
    public RelationShape ToShape() =>
        new(
            Oid,
            Schema,
            Table,
            Identity,
            [
                .. Columns.Select(column => new RelationColumn(
                    column.Name,
                    column.TypeOid,
                    column.TypeModifier,
                    Identity == 'f' || (Identity is 'd' or 'i' && Key.Contains(column.Name))
                )),
            ]
        );

    public RelationModel ToModel(EventProfile profile) => ToModel(profile, isSnapshot: false);

    /// <summary>The table as a snapshot reads it, and how its rows are written.</summary>
    public (CatalogueTable Table, RelationModel Model) ToSnapshot(EventProfile profile)
    {
        var table = profile.ReadsAllColumns ? this with { Columns = AllColumns } : this;
        return (table, table.ToModel(profile, isSnapshot: true));
    }

    private RelationModel ToModel(EventProfile profile, bool isSnapshot) =>
        RelationModel.Of(ToShape(), profile, [.. Columns.Select(column => column.Type)], Facts, isSnapshot);

    /// <summary>
    /// Changes with everything that may change the content of rows: oid, names, types, values of columns added with a
    /// default, key, identity, files, parts, the publication.
    /// </summary>
    public string Fingerprint() =>
        Digest.Of([
            Oid.ToString(CultureInfo.InvariantCulture),
            Schema,
            Table,
            Partitioned ? "p" : "r",
            Identity.ToString(),
            string.Join('\0', Key),
            Membership,
            Files,
            Types,
            .. Columns.SelectMany(column =>
                new[]
                {
                    column.Number.ToString(CultureInfo.InvariantCulture),
                    column.Name,
                    column.Type.Name,
                    column.TypeOid.ToString(CultureInfo.InvariantCulture),
                    column.NotNull ? "n" : "",
                    column.Missing,
                }
            ),
        ]);
}
