using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>Numbers: integers and floats are copied; values that JSON has no number for are strings.</summary>
internal static class NumberEncoding
{
    /// <summary>int2, int4, int8, oid: PostgreSQL's digits are valid JSON.</summary>
    public static void Integer(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) => json.Write(text);

    /// <summary>
    /// float4, float8: PostgreSQL's shortest digits (<c>1e+20</c>, <c>-0</c>) are valid JSON too; NaN, Infinity and
    /// -Infinity are strings.
    /// </summary>
    public static void Float(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        if (text is [>= (byte)'0' and <= (byte)'9', ..] or [(byte)'-', >= (byte)'0' and <= (byte)'9', ..])
            json.Write(text);
        else
            JsonText.String(json, text);
    }
}
