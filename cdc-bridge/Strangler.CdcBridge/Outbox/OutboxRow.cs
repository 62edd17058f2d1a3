using Strangler.CdcBridge.Events;
using Strangler.CdcBridge.Wire;

namespace Strangler.CdcBridge.Outbox;

/// <summary>The values of a row that the router needs, as JSON.</summary>
/// <param name="values">By column; null for null.</param>
/// <param name="key">The key as the key's converter writes it; null for null.</param>
internal sealed class OutboxRow(IReadOnlyDictionary<int, byte[]?> values, byte[]? key)
{
    private static readonly byte[] NullJson = [.. "null"u8];

    /// <param name="filler">Supplies the values that were not sent.</param>
    public static OutboxRow Read(OutboxTable table, EnvelopeWriter envelopes, RowTuple row, RowTuple filler)
    {
        var values = new Dictionary<int, byte[]?>();
        foreach (var column in table.Columns)
            values[column.Place] = Present(envelopes.Column(table.Relation, column.Place, row, filler));
        // Masks reach into this key, since it is a value of the row; only decimals are the key's converter's.
        var key = JavaDecimal.IsFor(table.Key.Schema)
            ? Present(envelopes.Column(table.Relation, table.Key.Place, row, filler, isKey: true))
            : values[table.Key.Place];
        return new OutboxRow(values, key);
    }

    /// <summary>The value; null for null.</summary>
    public byte[]? Given(OutboxColumn column) => values[column.Place];

    /// <summary>The value, with the schema's default in place of null.</summary>
    public byte[] OrDefault(OutboxColumn column) => Given(column) ?? column.OfNull;

    /// <summary>The same of the key.</summary>
    public byte[] Key(OutboxColumn column) => key ?? column.OfNull;

    private static byte[]? Present(byte[]? json) => json.AsSpan().SequenceEqual(NullJson) ? null : json;
}
