using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Connect;

/// <summary>
/// JSON strings as Jackson writes them in UTF-8, which Kafka Connect's JSON converter uses: a character outside the
/// Basic Multilingual Plane is written as two escaped surrogates, everything else as <see cref="JsonText"/> does.
/// </summary>
internal static class JavaJson
{
    private static readonly SearchValues<byte> FourBytes = SearchValues.Create([0xF0, 0xF1, 0xF2, 0xF3, 0xF4]);

    /// <summary>The JSON string of a text.</summary>
    public static byte[] Bytes(string text)
    {
        var json = new ArrayBufferWriter<byte>(text.Length + 8);
        String(json, text);
        return json.WrittenSpan.ToArray();
    }

    public static void String(ArrayBufferWriter<byte> json, string text)
    {
        // A surrogate alone has no UTF-8. Java writes it as an escape, like any other.
        var alone = text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0 ? LoneSurrogates(text) : [];
        if (alone.Count == 0)
        {
            String(json, System.Text.Encoding.UTF8.GetBytes(text));
            return;
        }
        json.Write("\""u8);
        var begin = 0;
        foreach (var place in alone)
        {
            Characters(json, System.Text.Encoding.UTF8.GetBytes(text[begin..place]));
            Escape(json, text[place]);
            begin = place + 1;
        }
        Characters(json, System.Text.Encoding.UTF8.GetBytes(text[begin..]));
        json.Write("\""u8);
    }

    /// <param name="text">UTF-8.</param>
    public static void String(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> text)
    {
        if (!text.ContainsAny(FourBytes) || !Utf8.IsValid(text))
        {
            JsonText.String(json, text);
            return;
        }
        json.Write("\""u8);
        Characters(json, text);
        json.Write("\""u8);
    }

    private static List<int> LoneSurrogates(string text)
    {
        var places = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                i++;
            else if (char.IsSurrogate(text[i]))
                places.Add(i);
        }
        return places;
    }

    private static void Characters(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> text)
    {
        Span<char> surrogates = stackalloc char[2];
        while (true)
        {
            var plain = text.IndexOfAny(FourBytes);
            if (plain < 0)
                break;
            JsonText.Content(json, text[..plain]);
            Rune.DecodeFromUtf8(text[plain..], out var rune, out var length);
            rune.EncodeToUtf16(surrogates);
            foreach (var surrogate in surrogates)
                Escape(json, surrogate);
            text = text[(plain + length)..];
        }
        JsonText.Content(json, text);
    }

    private static void Escape(ArrayBufferWriter<byte> json, char code)
    {
        json.Write("\\u"u8);
        var digits = json.GetSpan(4);
        for (var i = 0; i < 4; i++)
            digits[i] = "0123456789ABCDEF"u8[(code >> (12 - 4 * i)) & 15];
        json.Advance(4);
    }
}
