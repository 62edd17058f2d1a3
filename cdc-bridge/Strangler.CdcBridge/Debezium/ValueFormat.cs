using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>How Debezium writes the values of a type.</summary>
/// <param name="Schema">The type in Connect's terms.</param>
/// <param name="Encode">Writes a value. One that Debezium can't convert becomes null.</param>
/// <param name="Fallback">
/// The JSON of a column that can't be null and of which nothing was sent, as in the old row of a delete.
/// </param>
internal sealed record ValueFormat(ConnectSchema Schema, ValueEncoder Encode, byte[] Fallback)
{
    /// <summary>The JSON of a value that was not sent because it is stored out of line and didn't change.</summary>
    public byte[] Unavailable { get; init; } = [.. "null"u8];

    /// <summary>Whether a default of the column can be a default of the schema. Connect has none for structs.</summary>
    public bool HasDefaults => Schema.Type != ConnectType.Struct;
}
