using System.Buffers;
using System.Buffers.Text;

namespace Strangler.CdcBridge.Encoding;

/// <summary>bytea: PostgreSQL's hexadecimal output becomes base64.</summary>
internal static class BinaryEncoding
{
    public static void Encode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        if (text is not [(byte)'\\', (byte)'x', .. var digits] || digits.Length % 2 != 0)
            throw new FormatException(
                "A bytea value is not in PostgreSQL's hexadecimal form: bytea_output must be 'hex'."
            );
        var length = digits.Length / 2;
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
                throw new FormatException("A bytea value holds something other than hexadecimal digits.");
            json.Write("\""u8);
            Base64.EncodeToUtf8(
                bytes.AsSpan(0, length),
                json.GetSpan(Base64.GetMaxEncodedToUtf8Length(length)),
                out _,
                out var written
            );
            json.Advance(written);
            json.Write("\""u8);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
