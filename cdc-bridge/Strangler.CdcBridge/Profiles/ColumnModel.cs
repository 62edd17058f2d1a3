using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Profiles;

/// <summary>How a column's values are written.</summary>
/// <param name="NameJson">Its name as a JSON string with the colon.</param>
/// <param name="Unavailable">The JSON for a value that was not sent.</param>
internal sealed record ColumnModel(
    string Name,
    TypeModel Type,
    bool Nullable,
    byte[] NameJson,
    ValueEncoder Encode,
    byte[] Unavailable
)
{
    private static readonly byte[] NullJson = [.. "null"u8];

    /// <summary>The JSON for null.</summary>
    public byte[] Null { get; init; } = NullJson;

    /// <summary>Whether the values of rows have it.</summary>
    public bool IsInValues { get; init; } = true;

    /// <summary>Whether the key has it, if it is one of the key's columns, whether values do or not.</summary>
    public bool IsInKeys { get; init; } = true;

    /// <summary>How it is written into a key, where that differs: masks don't apply to keys.</summary>
    public ValueEncoder EncodeKey { get; init; } = Encode;

    /// <summary>Its field in the schema of rows; null if the profile has no schemas.</summary>
    public ConnectField? Field { get; init; }

    /// <summary>Its field in the schema of keys; null if the profile has no schemas.</summary>
    public ConnectField? KeyField { get; init; }
}
