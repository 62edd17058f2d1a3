using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Strangler.CdcBridge.Outbox;

/// <summary>
/// Reads JSON as Jackson does: what follows the first value is ignored, of a name that stands twice the last value
/// counts, and half of a surrogate pair may stand alone.
/// </summary>
internal static class PayloadReader
{
    private const int MaxDepth = 1_000;
    private const int MaxNumberLength = 1_000;
    private const int MaxNameLength = 50_000;
    private const int MaxTextLength = 20_000_000;

    /// <summary>Somebody else's text, within Jackson's limits.</summary>
    /// <param name="text">UTF-8.</param>
    /// <returns>Null if it doesn't begin with a JSON value, or goes beyond a limit.</returns>
    public static PayloadNode? TryRead(ReadOnlySpan<byte> text)
    {
        try
        {
            return Read(text, isLimited: true);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>A value that this bridge has written, however large it is.</summary>
    /// <exception cref="JsonException">It isn't JSON.</exception>
    public static PayloadNode Read(ReadOnlySpan<byte> written) => Read(written, isLimited: false);

    private static PayloadNode Read(ReadOnlySpan<byte> text, bool isLimited)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = MaxDepth });
        return reader.Read() ? Value(ref reader, isLimited) : throw new JsonException();
    }

    private static PayloadNode Value(ref Utf8JsonReader reader, bool isLimited)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                return new PayloadNode.Text(Text(reader, isLimited ? MaxTextLength : int.MaxValue));
            case JsonTokenType.Number:
                return !isLimited || reader.ValueSpan.Length <= MaxNumberLength
                    ? new PayloadNode.Number(System.Text.Encoding.ASCII.GetString(reader.ValueSpan))
                    : throw new JsonException();
            case JsonTokenType.True or JsonTokenType.False:
                return new PayloadNode.Flag(reader.TokenType == JsonTokenType.True);
            case JsonTokenType.StartArray:
                var elements = new List<PayloadNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    elements.Add(Value(ref reader, isLimited));
                return new PayloadNode.List(elements);
            case JsonTokenType.StartObject:
                var members = new OrderedDictionary<string, PayloadNode>(StringComparer.Ordinal);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = Text(reader, isLimited ? MaxNameLength : int.MaxValue);
                    reader.Read();
                    members[name] = Value(ref reader, isLimited);
                }
                return new PayloadNode.Object([.. members]);
            default:
                return new PayloadNode.Null();
        }
    }

    /// <summary>A string or a name without its escapes.</summary>
    private static string Text(in Utf8JsonReader reader, int max)
    {
        var raw = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        if (reader.ValueIsEscaped)
            raw = Unescape(raw);
        return raw.Length <= max ? raw : throw new JsonException();
    }

    private static string Unescape(string raw)
    {
        var text = new StringBuilder(raw.Length);
        for (var i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            switch (raw[++i])
            {
                case 'u':
                    text.Append(
                        (char)ushort.Parse(raw.AsSpan(i + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture)
                    );
                    i += 4;
                    break;
                case var code:
                    text.Append(
                        code switch
                        {
                            'b' => '\b',
                            'f' => '\f',
                            'n' => '\n',
                            'r' => '\r',
                            't' => '\t',
                            _ => code,
                        }
                    );
                    break;
            }
        }
        return text.ToString();
    }
}
