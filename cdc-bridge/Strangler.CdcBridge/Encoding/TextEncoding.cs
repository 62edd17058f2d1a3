using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>
/// Text, and every type without its own form here (including numeric, so that no digit is lost): a string with
/// PostgreSQL's text.
/// </summary>
internal static class TextEncoding
{
    public static void Encode(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) => JsonText.String(json, text);
}
