using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>bool: <c>t</c> and <c>f</c> become <c>true</c> and <c>false</c>.</summary>
internal static class BooleanEncoding
{
    public static void Encode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) =>
        json.Write(text is [(byte)'t', ..] ? "true"u8 : "false"u8);
}
