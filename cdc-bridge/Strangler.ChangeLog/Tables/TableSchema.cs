using System.Text.Json;

namespace Strangler.ChangeLog.Tables;

/// <summary>
/// The catalogue of a source table at a position of the log: the value of a <see cref="LogRecordKind.Schema"/> record.
/// </summary>
/// <param name="Schema">The table's schema.</param>
/// <param name="Table">The table's name.</param>
/// <param name="Oid">Its object id: another id under the same name is another table.</param>
/// <param name="Columns">Its columns, in the order of the catalogue.</param>
/// <param name="Fingerprint">
/// Changes whenever oid, columns, types, defaults of added columns, key, identity or publication filters do.
/// </param>
/// <param name="InDoubt">
/// Whether rows that were sent before may no longer be what the table holds (a column added with a default, a type
/// changed, a table recreated). A <see cref="LogRecordKind.TableRead"/> record of the topic follows and ends the doubt.
/// </param>
public sealed record TableSchema(
    string Schema,
    string Table,
    uint Oid,
    IReadOnlyList<ColumnSchema> Columns,
    string Fingerprint,
    bool InDoubt
)
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    /// <summary>The columns of the key in the key's order; empty if the table has none.</summary>
    public IEnumerable<ColumnSchema> Key() =>
        Columns.Where(column => column.KeyOrdinal is not null).OrderBy(column => column.KeyOrdinal);

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Options);

    /// <exception cref="JsonException">The bytes are not a schema.</exception>
    public static TableSchema FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize<TableSchema>(json, Options)
        ?? throw new JsonException("A table's schema cannot be null.");
}

/// <summary>A column of a source table.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type as PostgreSQL's <c>format_type</c> writes it: <c>numeric(10,2)</c>.</param>
/// <param name="TypeOid">The object id of its type, or of a domain's base type.</param>
/// <param name="Nullable">Whether it may be null.</param>
/// <param name="KeyOrdinal">Its index in the key from 0; null if it is not part of it.</param>
public sealed record ColumnSchema(string Name, string Type, uint TypeOid, bool Nullable, int? KeyOrdinal);
