using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Profiles;

/// <summary>How a column is written once its mask is applied.</summary>
/// <param name="Encode">Writes a value.</param>
/// <param name="Unavailable">The JSON for a value that was not sent.</param>
/// <param name="OfNull">Masks the JSON for null.</param>
/// <param name="Parameter">What the schema says of the mask; null for nothing.</param>
internal sealed record MaskedColumn(
    ValueEncoder Encode,
    byte[] Unavailable,
    Func<byte[], byte[]> OfNull,
    string? Parameter,
    string? Value
)
{
    public ConnectSchema Alter(ConnectSchema schema) => Parameter is null ? schema : schema.With(Parameter, Value!);
}
