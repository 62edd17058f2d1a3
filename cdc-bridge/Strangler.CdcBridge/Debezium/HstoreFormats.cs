using System.Buffers;
using System.Text;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// hstore, from <c>"a"=>"1", "b"=>NULL</c>: a JSON object, or text that holds one. Its members are in the order of a
/// Java HashMap, which the connector collects them in.
/// </summary>
internal static class HstoreFormats
{
    public static ValueFormat Hstore(HstoreHandling handling) =>
        handling == HstoreHandling.Map
            ? new(
                new ConnectSchema(ConnectType.Map)
                {
                    Keys = ConnectSchema.String,
                    Items = ConnectSchema.String.Optional,
                },
                static (text, json) => Write(json, Read(text), JavaJson.String),
                [.. "{}"u8]
            )
            : new(ConnectSchema.String.Named("io.debezium.data.Json"), Json, [.. "\"{}\""u8]);

    /// <summary>A placeholder as the only member.</summary>
    public static byte[] Unavailable(HstoreHandling handling, string placeholder)
    {
        var json = new ArrayBufferWriter<byte>();
        var pairs = new[] { new KeyValuePair<string, string?>(placeholder, placeholder) };
        if (handling == HstoreHandling.Map)
            Write(json, pairs, JavaJson.String);
        else
            Text(json, pairs);
        return json.WrittenSpan.ToArray();
    }

    private static void Json(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) => Text(json, Read(text));

    private static void Text(ArrayBufferWriter<byte> json, IReadOnlyList<KeyValuePair<string, string?>> pairs)
    {
        var inner = new ArrayBufferWriter<byte>();
        Write(inner, pairs, JsonText.String);
        JavaJson.String(json, inner.WrittenSpan);
    }

    private static void Write(
        ArrayBufferWriter<byte> json,
        IReadOnlyList<KeyValuePair<string, string?>> pairs,
        ValueEncoderOf write
    )
    {
        json.Write("{"u8);
        foreach (var (index, (key, value)) in pairs.Index())
        {
            if (index > 0)
                json.Write(","u8);
            write(json, System.Text.Encoding.UTF8.GetBytes(key));
            json.Write(":"u8);
            if (value is null)
                json.Write("null"u8);
            else
                write(json, System.Text.Encoding.UTF8.GetBytes(value));
        }
        json.Write("}"u8);
    }

    private delegate void ValueEncoderOf(ArrayBufferWriter<byte> json, ReadOnlySpan<byte> text);

    private static List<KeyValuePair<string, string?>> Read(ReadOnlySpan<byte> utf8)
    {
        var text = System.Text.Encoding.UTF8.GetString(utf8);
        var pairs = new List<KeyValuePair<string, string?>>();
        for (var i = 0; i < text.Length; )
        {
            var key = Quoted(text, ref i);
            i += 2; // =>
            string? value = null;
            if (text[i] == '"')
                value = Quoted(text, ref i);
            else
                i += 4; // NULL
            pairs.Add(new KeyValuePair<string, string?>(key, value));
            i += 2; // a comma and a space
        }
        return JavaHashOrder.Sort(pairs);
    }

    private static string Quoted(string text, ref int i)
    {
        var plain = new StringBuilder();
        for (i++; text[i] != '"'; i++)
        {
            if (text[i] == '\\')
                i++;
            plain.Append(text[i]);
        }
        i++;
        return plain.ToString();
    }
}
