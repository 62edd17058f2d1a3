using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>
/// Texts, and every type that has no form of its own here (numeric included, so that no digit is lost): a string of
/// PostgreSQL's text.
/// </summary>
internal static class TextEncoding
{
    public static void Encode(ReadOnlySpan<byte> text, IBufferWriter<byte> json) => JsonText.String(json, text);
}
