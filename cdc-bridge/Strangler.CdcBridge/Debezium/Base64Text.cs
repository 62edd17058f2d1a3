using System.Buffers;
using System.Buffers.Text;

namespace Strangler.CdcBridge.Debezium;

/// <summary>Bytes as JSON strings.</summary>
internal static class Base64Text
{
    public static void Write(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> bytes)
    {
        var span = json.GetSpan(Base64.GetMaxEncodedToUtf8Length(bytes.Length) + 2);
        span[0] = (byte)'"';
        Base64.EncodeToUtf8(bytes, span[1..], out _, out var written);
        span[written + 1] = (byte)'"';
        json.Advance(written + 2);
    }
}
