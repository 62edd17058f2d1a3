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
