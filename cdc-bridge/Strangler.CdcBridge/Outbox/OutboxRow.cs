namespace Strangler.CdcBridge.Outbox;

/// <summary>The values of a row that the router needs, as JSON.</summary>
/// <param name="values">By column; null for null.</param>
/// <param name="key">The key as the key's converter writes it; null for null.</param>
internal sealed class OutboxRow(IReadOnlyDictionary<int, byte[]?> values, byte[]? key)
{
    /// <summary>The value; null for null, and for a value that could not be converted.</summary>
    public byte[]? Given(OutboxColumn column) => Present(values[column.Place]);

    /// <summary>The value, with the schema's default in place of null.</summary>
    public byte[] OrDefault(OutboxColumn column) => Given(column) ?? column.OfNull;

    /// <summary>The same of the key.</summary>
    public byte[] Key(OutboxColumn column) => Present(key) ?? column.OfNull;

    private static byte[]? Present(byte[]? json) => json.AsSpan().SequenceEqual("null"u8) ? null : json;
}
