using System.Buffers;
using System.Globalization;
using Strangler.CdcBridge.Connect;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// bit and varbit: a boolean for one bit; else the bits in little-endian order, without the bytes above the highest one
/// that is set.
/// </summary>
internal static class BitFormats
{
    /// <param name="length">The column's number of bits; <see cref="int.MaxValue"/> for any number.</param>
    public static ValueFormat Bits(int length) =>
        length > 1
            ? new(
                ConnectSchema
                    .Bytes.Named("io.debezium.data.Bits")
                    .With("length", length.ToString(CultureInfo.InvariantCulture)),
                Encode,
                [.. "\"\""u8]
            )
            : new(
                ConnectSchema.Boolean,
                static (text, json) => json.Write(text.Contains((byte)'1') ? "true"u8 : "false"u8),
                [.. "false"u8]
            );

    private static void Encode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        var highest = text.IndexOf((byte)'1');
        var bits = highest < 0 ? default : text[highest..];
        var bytes = new byte[(bits.Length + 7) / 8];
        for (var i = 0; i < bits.Length; i++)
        {
            if (bits[^(i + 1)] == '1')
                bytes[i / 8] |= (byte)(1 << (i % 8));
        }
        Base64Text.Write(json, bytes);
    }
}
