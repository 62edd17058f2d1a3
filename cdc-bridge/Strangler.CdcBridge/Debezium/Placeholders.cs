using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>What the connector writes for a value that was not sent: the placeholder in the form of its type.</summary>
internal static class Placeholders
{
    /// <returns>Null in JSON for types that have no form of it.</returns>
    public static byte[] Of(TypeModel type, ValueFormat format, ValueOptions options)
    {
        var bytes = options.Placeholder.AsSpan();
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        return (type.ElementOid == 0 ? type.BaseName : type.ElementName + "[]") switch
        {
            "text[]" or "varchar[]" or "bpchar[]" or "json[]" or "jsonb[]" => List(JsonText.String(text)),
            "bytea[]" when options.Binary == BinaryHandling.Bytes => List(Base64(bytes)),
            "date[]" when options.Times is TimePrecision.Connect or TimePrecision.IsoString => [.. "null"u8],
            "int4[]" or "date[]" or "int8[]" => List([
                .. bytes
                    .ToArray()
                    .Select(code =>
                        System.Text.Encoding.ASCII.GetBytes(((sbyte)code).ToString(CultureInfo.InvariantCulture))
                    ),
            ]),
            "uuid[]" => List(JsonText.String(Uuid(bytes))),
            "hstore" => HstoreFormats.Unavailable(options.Hstore, text),
            "bytea" => options.Binary switch
            {
                BinaryHandling.Bytes => Base64(bytes),
                BinaryHandling.Hex => JsonText.String(text),
                _ => [.. "null"u8],
            },
            _ when type.ElementOid == 0 && format.Schema.Type == ConnectType.String => JsonText.String(text),
            _ => [.. "null"u8],
        };
    }

    private static byte[] List(params byte[][] elements) =>
        [.. "["u8, .. elements.SelectMany((element, i) => i == 0 ? element : [(byte)',', .. element]), .. "]"u8];

    private static byte[] Base64(ReadOnlySpan<byte> bytes)
    {
        var json = new ArrayBufferWriter<byte>();
        Base64Text.Write(json, bytes);
        return json.WrittenSpan.ToArray();
    }

    /// <summary>Java's <c>UUID.nameUUIDFromBytes</c>: version 3, an MD5 of the bytes alone (RFC 9562, 5.3).</summary>
    private static string Uuid(ReadOnlySpan<byte> name)
    {
#pragma warning disable CA5351 // the standard prescribes it, and nothing is kept secret by it
        var hash = MD5.HashData(name);
#pragma warning restore CA5351
        hash[6] = (byte)((hash[6] & 0x0F) | 0x30);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true).ToString();
    }
}
