using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Schema;

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
);
