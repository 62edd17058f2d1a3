using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Profiles;

/// <summary>The part of a record that carries its schema, which is the same for every record of a kind.</summary>
internal static class SchemaHead
{
    /// <summary>What stands before a payload.</summary>
    public static byte[] Of(ConnectSchema schema) =>
        [.. "{\"schema\":"u8, .. SchemaJson.Of(schema), .. ",\"payload\":"u8];

    /// <summary>A payload with its schema; the payload alone if there is none.</summary>
    public static byte[] Around(byte[] head, byte[] payload) =>
        head.Length == 0 ? payload : [.. head, .. payload, (byte)'}'];
}
