using System.Buffers;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// Arrays. The connector has schemas for one dimension only: of an array of several, each outer element is null. (Of
/// text, the connector writes the address of a Java object, which nobody can use.)
/// </summary>
internal static class ArrayFormats
{
    /// <param name="isOptional">
    /// Whether an element may be null. Where it may not, an array with a null is null as a whole.
    /// </param>
    public static ValueFormat Of(ValueFormat element, bool isOptional = true)
    {
        var encode = ArrayEncoding.Of(element.Encode);
        return new ValueFormat(
            ConnectSchema.ArrayOf(isOptional ? element.Schema.Optional : element.Schema),
            (text, json) => Encode(text, json, encode, isOptional),
            [.. "[]"u8]
        );
    }

    /// <summary>The driver reads no array of numerics that has NaN or infinity in it.</summary>
    public static ValueFormat WithoutSpecial(ValueFormat array) =>
        array with
        {
            Encode = (text, json) =>
            {
                if (text.ContainsAny("NI"u8) && (text.IndexOf("NaN"u8) >= 0 || text.IndexOf("Infinity"u8) >= 0))
                    json.Write("null"u8);
                else
                    array.Encode(text, json);
            },
        };

    /// <summary>The connector has the schema of an element for the array, and no way to convert its values.</summary>
    public static ValueFormat Lost(ConnectSchema element) =>
        new(element, static (_, json) => json.Write("null"u8), [.. "null"u8]);

    private static void Encode(
        ReadOnlySpan<byte> text,
        ArrayBufferWriter<byte> json,
        ValueEncoder encode,
        bool isOptional
    )
    {
        if (text is [(byte)'[', ..])
            text = text[(text.IndexOf((byte)'=') + 1)..];
        if (text.StartsWith("{{"u8))
            Outer(text, json);
        else if (!isOptional && HasNull(text))
            json.Write("null"u8);
        else
            encode(text, json);
    }

    /// <summary>A null for each outer element.</summary>
    private static void Outer(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        json.Write("["u8);
        var (depth, isQuoted, count) = (0, false, 0);
        for (var i = 0; i < text.Length; i++)
        {
            if (isQuoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && text[i] == '{' && ++depth == 2)
                json.Write(count++ == 0 ? "null"u8 : ",null"u8);
            else if (!isQuoted && text[i] == '}')
                depth--;
        }
        json.Write("]"u8);
    }

    /// <summary>Whether an element is null: the bare word, since text that says so is quoted.</summary>
    private static bool HasNull(ReadOnlySpan<byte> text)
    {
        var isQuoted = false;
        for (var i = 0; i < text.Length; i++)
        {
            if (isQuoted && text[i] == '\\')
                i++;
            else if (text[i] == '"')
                isQuoted = !isQuoted;
            else if (!isQuoted && text[i..].StartsWith("NULL"u8) && text[i - 1] is (byte)'{' or (byte)',')
                return text[i + 4] is (byte)',' or (byte)'}';
        }
        return false;
    }
}
