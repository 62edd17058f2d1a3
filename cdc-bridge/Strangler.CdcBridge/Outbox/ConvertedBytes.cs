using System.Runtime.CompilerServices;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Profiles;

namespace Strangler.CdcBridge.Outbox;

/// <summary>The bytes that a converter makes of a key or a value.</summary>
internal static class ConvertedBytes
{
    private static readonly ConditionalWeakTable<ConnectSchema, byte[]> Heads = [];

    /// <param name="options">The converter.</param>
    /// <param name="schema">The value's; null for text without one.</param>
    /// <param name="json">The value as JSON.</param>
    public static byte[]? Of(ConverterOptions options, ConnectSchema? schema, byte[] json)
    {
        var isBytes = schema is { Type: ConnectType.Bytes } && !JavaDecimal.IsFor(schema);
        switch (options.Kind)
        {
            case ConverterKind.Binary or ConverterKind.ByteArray when isBytes:
                return PayloadReader.Read(json) is PayloadNode.Text(var base64)
                    ? Convert.FromBase64String(base64)
                    : null;
            case ConverterKind.Text or ConverterKind.ByteArray:
                return PayloadReader.Read(json) is var node and not PayloadNode.Null
                    ? System.Text.Encoding.UTF8.GetBytes(JavaText.Of(schema, node))
                    : null;
            default:
                return options.HasSchemas ? SchemaHead.Around(Head(schema), json) : json;
        }
    }

    private static byte[] Head(ConnectSchema? schema) =>
        schema is null ? [.. "{\"schema\":null,\"payload\":"u8] : Heads.GetValue(schema, SchemaHead.Of);
}
