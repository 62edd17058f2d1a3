using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Profiles;

namespace Strangler.CdcBridge.Outbox;

/// <summary>A column of an outbox.</summary>
/// <param name="Place">Its index in the table.</param>
/// <param name="Model">How it is written.</param>
internal sealed record OutboxColumn(int Place, ColumnModel Model)
{
    /// <summary>Its name in the row's schema.</summary>
    public string Name => Model.Field!.Name;

    public ConnectSchema Schema => Model.Field!.Schema;

    /// <summary>
    /// The JSON of null. The router reads the schema's default in its place, whatever the converter does.
    /// </summary>
    public byte[] OfNull =>
        Schema.Default is { } preset && Model.Null.AsSpan().SequenceEqual("null"u8) ? preset : Model.Null;

    /// <returns>Null if the table has no such column.</returns>
    public static OutboxColumn? Find(IReadOnlyList<ColumnModel> columns, string name)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            if (columns[i].IsInValues && columns[i].Field?.Name == name)
                return new OutboxColumn(i, columns[i]);
        }
        return null;
    }
}
