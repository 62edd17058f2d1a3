using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Json;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Debezium;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Profiles;

/// <summary>
/// Masks, hashes and truncation of text columns. As in the connector, the schema of a masked column says so whatever
/// its type is, and only the values of character types change.
/// </summary>
internal static class ColumnMasks
{
    private static readonly HashSet<string> CharacterTypes = ["bpchar", "varchar", "text", "name", "char"];

    public static MaskedColumn Apply(in ColumnFacts column, ValueFormat format, IReadOnlyList<ColumnMask> masks)
    {
        var wholeName = column.WholeName;
        var isScalar = column.Type.ElementOid == 0;
        var isText = isScalar && (CharacterTypes.Contains(column.Type.BaseName) || column.Type.Labels.Count > 0);
        switch (masks.FirstOrDefault(mask => mask.Columns.IsMatch(wholeName)))
        {
            case ColumnMask.Asterisks(_, var length):
                var stars = JsonText.String(new string('*', length));
                return isText
                    ? new MaskedColumn((_, json) => json.Write(stars), stars, _ => stars, "masked", "true")
                    : Plain(format) with
                    {
                        Parameter = "masked",
                        Value = "true",
                    };
            case ColumnMask.Hash hash:
                var hashed = Of(format, text => HashOf(hash, text));
                var limit = TypeLength.Of(column.Type).Length;
                return isText
                    ? (limit is > 0 and < int.MaxValue ? Of(hashed, text => Cut(text, limit)) : hashed) with
                    {
                        Parameter = "masked",
                        Value = "true",
                    }
                    : Plain(format) with
                    {
                        Parameter = "masked",
                        Value = "true",
                    };
            case ColumnMask.Truncation(_, var length):
                var truncated =
                    isText || (isScalar && column.Type.BaseName == "xml")
                        ? Of(format, text => Cut(text, length))
                        : Plain(format);
                return truncated with
                {
                    Parameter = "truncateLength",
                    Value = length.ToString(System.Globalization.CultureInfo.InvariantCulture),
                };
            default:
                return Plain(format);
        }
    }

    private static MaskedColumn Plain(ValueFormat format) =>
        new(format.Encode, format.Unavailable, static json => json, null, null);

    private static MaskedColumn Of(ValueFormat format, Func<string, string> change) => Of(Plain(format), change);

    private static MaskedColumn Of(MaskedColumn column, Func<string, string> change) =>
        column with
        {
            Encode = (text, json) =>
            {
                var plain = new ArrayBufferWriter<byte>();
                column.Encode(text, plain);
                json.Write(Changed(plain.WrittenSpan, change));
            },
            Unavailable = Changed(column.Unavailable, change),
            OfNull = json => Changed(column.OfNull(json), change),
        };

    /// <summary>A JSON string with another text; null stays null.</summary>
    private static byte[] Changed(ReadOnlySpan<byte> json, Func<string, string> change) =>
        JsonSerializer.Deserialize<string?>(json) is { } text ? JavaJson.Bytes(change(text)) : [.. "null"u8];

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    private static string HashOf(ColumnMask.Hash hash, string text)
    {
        using var algorithm = IncrementalHash.CreateHash(
            new HashAlgorithmName(
                hash.Algorithm.ToUpperInvariant() switch
                {
                    "SHA-1" or "SHA" => "SHA1",
                    "SHA-256" => "SHA256",
                    "SHA-384" => "SHA384",
                    "SHA-512" => "SHA512",
                    var other => other,
                }
            )
        );
        algorithm.AppendData(System.Text.Encoding.UTF8.GetBytes(hash.Salt));
        algorithm.AppendData(hash.Version == 1 ? Serialized(text) : System.Text.Encoding.UTF8.GetBytes(text));
        return Convert.ToHexStringLower(algorithm.GetHashAndReset());
    }

    /// <summary>A string in Java's object serialization, which the first version hashes (specification, 6.4).</summary>
    private static byte[] Serialized(string text)
    {
        var utf = ModifiedUtf8(text);
        var isLong = utf.Length > ushort.MaxValue;
        var head = new byte[isLong ? 13 : 7];
        BinaryPrimitives.WriteUInt32BigEndian(head, 0xACED_0005);
        head[4] = isLong ? (byte)0x7C : (byte)0x74;
        if (isLong)
            BinaryPrimitives.WriteInt64BigEndian(head.AsSpan(5), utf.Length);
        else
            BinaryPrimitives.WriteUInt16BigEndian(head.AsSpan(5), (ushort)utf.Length);
        return [.. head, .. utf];
    }

    /// <summary>Each UTF-16 code by itself, and NUL in two bytes (java.io.DataInput).</summary>
    private static byte[] ModifiedUtf8(string text)
    {
        var bytes = new List<byte>(text.Length);
        foreach (var code in text)
        {
            if (code is >= '\u0001' and <= '\u007F')
                bytes.Add((byte)code);
            else if (code <= '\u07FF')
                bytes.AddRange([(byte)(0xC0 | code >> 6), (byte)(0x80 | code & 0x3F)]);
            else
                bytes.AddRange([
                    (byte)(0xE0 | code >> 12),
                    (byte)(0x80 | code >> 6 & 0x3F),
                    (byte)(0x80 | code & 0x3F),
                ]);
        }
        return [.. bytes];
    }
}
