using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>
/// Arrays: PostgreSQL's <c>{1,NULL,"a,b"}</c> (manual 8.15.6) becomes a JSON array, several dimensions become nested
/// arrays. Bounds that don't start at 1 are omitted.
/// </summary>
internal static class ArrayEncoding
{
    public static ValueEncoder Of(ValueEncoder element) =>
        (text, json) =>
        {
            if (text is [(byte)'[', ..])
                text = text[(text.IndexOf((byte)'=') + 1)..];
            Array(ref text, element, json);
            if (!text.IsEmpty)
                throw new FormatException("An array has text behind its last brace.");
        };

    private static void Array(ref ReadOnlySpan<byte> text, ValueEncoder element, ArrayBufferWriter<byte> json)
    {
        if (text is not [(byte)'{', ..])
            throw new FormatException("An array does not begin with a brace.");
        text = text[1..];
        json.Write("["u8);
        for (var first = true; ; first = false)
        {
            if (text is [(byte)'}', ..])
            {
                text = text[1..];
                json.Write("]"u8);
                return;
            }
            if (!first)
            {
                if (text is not [(byte)',', ..])
                    throw new FormatException("An array's elements are not separated by commas.");
                text = text[1..];
                json.Write(","u8);
            }
            switch (text)
            {
                case [(byte)'{', ..]:
                    Array(ref text, element, json);
                    break;
                case [(byte)'"', ..]:
                    Quoted(ref text, element, json);
                    break;
                default:
                    Plain(ref text, element, json);
                    break;
            }
        }
    }

    private static void Plain(ref ReadOnlySpan<byte> text, ValueEncoder element, ArrayBufferWriter<byte> json)
    {
        var length = text.IndexOfAny((byte)',', (byte)'}');
        if (length < 0)
            throw new FormatException("An array does not end.");
        if (text[..length].SequenceEqual("NULL"u8))
            json.Write("null"u8);
        else
            element(text[..length], json);
        text = text[length..];
    }

    private static void Quoted(ref ReadOnlySpan<byte> text, ValueEncoder element, ArrayBufferWriter<byte> json)
    {
        var plain = ArrayPool<byte>.Shared.Rent(text.Length);
        try
        {
            var length = 0;
            for (var i = 1; i < text.Length; i++)
            {
                var code = text[i];
                if (code == '"')
                {
                    element(plain.AsSpan(0, length), json);
                    text = text[(i + 1)..];
                    return;
                }
                if (code == '\\' && ++i < text.Length)
                    code = text[i];
                plain[length++] = code;
            }
            throw new FormatException("A quoted element of an array does not end.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
        }
    }
}
