using System.Buffers;
using System.Buffers.Text;
using System.Text.Unicode;

namespace Strangler.CdcBridge.Encoding;

/// <summary>Writes parts of JSON as UTF-8, without intermediate strings.</summary>
internal static class JsonText
{
    private static readonly SearchValues<byte> Escaped = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (byte)code),
        (byte)'"',
        (byte)'\\',
    ]);

    /// <summary>Takes back what was written from a place on.</summary>
    public static void Rewind(this ArrayBufferWriter<byte> json, int begin)
    {
        json.ResetWrittenCount();
        json.Advance(begin);
    }

    /// <summary>Copies bytes that are already JSON.</summary>
    public static void Raw(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> bytes) => json.Write(bytes);

    public static void Number(ArrayBufferWriter<byte> json, long number)
    {
        Utf8Formatter.TryFormat(number, json.GetSpan(20), out var written);
        json.Advance(written);
    }

    public static void Number(ArrayBufferWriter<byte> json, ulong number)
    {
        Utf8Formatter.TryFormat(number, json.GetSpan(20), out var written);
        json.Advance(written);
    }

    /// <summary>
    /// A JSON string of UTF-8 text. Bytes that are not UTF-8 become U+FFFD: a document that no reader can parse would
    /// be worse. Values have none left here (<see cref="SourceText"/>); names may.
    /// </summary>
    public static void String(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text))
            text = System.Text.Encoding.UTF8.GetBytes(System.Text.Encoding.UTF8.GetString(text));
        json.Write("\""u8);
        Content(json, text);
        json.Write("\""u8);
    }

    /// <summary>What stands between the quotes of a JSON string.</summary>
    /// <param name="text">UTF-8.</param>
    public static void Content(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> text)
    {
        while (true)
        {
            var plain = text.IndexOfAny(Escaped);
            if (plain < 0)
                break;
            json.Write(text[..plain]);
            Escape(json, text[plain]);
            text = text[(plain + 1)..];
        }
        json.Write(text);
    }

    public static byte[] String(string text)
    {
        var json = new ArrayBufferWriter<byte>(text.Length + 8);
        String(json, System.Text.Encoding.UTF8.GetBytes(text));
        return json.WrittenSpan.ToArray();
    }

    private static void Escape(ArrayBufferWriter<byte> json, byte code)
    {
        switch (code)
        {
            case (byte)'"':
                json.Write("\\\""u8);
                break;
            case (byte)'\\':
                json.Write("\\\\"u8);
                break;
            case (byte)'\n':
                json.Write("\\n"u8);
                break;
            case (byte)'\r':
                json.Write("\\r"u8);
                break;
            case (byte)'\t':
                json.Write("\\t"u8);
                break;
            case (byte)'\b':
                json.Write("\\b"u8);
                break;
            case (byte)'\f':
                json.Write("\\f"u8);
                break;
            default:
                json.Write("\\u00"u8);
                var digits = json.GetSpan(2);
                digits[0] = (byte)('0' + (code >> 4));
                digits[1] = "0123456789ABCDEF"u8[code & 15];
                json.Advance(2);
                break;
        }
    }
}
