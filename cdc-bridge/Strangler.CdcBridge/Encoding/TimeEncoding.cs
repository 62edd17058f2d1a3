using System.Buffers;

namespace Strangler.CdcBridge.Encoding;

/// <summary>
/// Dates and times: PostgreSQL's ISO output becomes ISO 8601 with <c>Z</c> (Debezium's isostring); sessions are in UTC,
/// so a timestamptz ends in <c>+00</c>. A year of more than four digits gets a plus sign, as in ISO 8601. Infinity, and
/// years BC, stay as PostgreSQL writes them, so nothing is lost.
/// </summary>
internal static class TimeEncoding
{
    private const int MaxFraction = 6;

    /// <summary>date: <c>2026-11-24Z</c>.</summary>
    public static void Date(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) => Write(text, 0, json);

    /// <summary>time: <c>07:42:16.5Z</c>, with the digits that the value has.</summary>
    public static void Time(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json)
    {
        json.Write("\""u8);
        json.Write(text);
        json.Write("Z\""u8);
    }

    /// <summary>timestamp: <c>2026-11-24T07:42:16.5Z</c>, with the digits that the value has.</summary>
    public static void Timestamp(ReadOnlySpan<byte> text, ArrayBufferWriter<byte> json) => Write(text, 0, json);

    /// <summary>timestamptz: <c>2026-11-24T07:42:16.500000Z</c>, always as many digits as the column has.</summary>
    /// <param name="typeModifier">The column's precision; -1 for six digits.</param>
    public static ValueEncoder TimestampWithZone(int typeModifier)
    {
        var digits = typeModifier is >= 0 and <= MaxFraction ? typeModifier : MaxFraction;
        return (text, json) =>
        {
            if (text.EndsWith("+00"u8))
                Write(text[..^3], digits, json);
            else
                JsonText.String(json, text);
        };
    }

    private static void Write(ReadOnlySpan<byte> text, int fraction, ArrayBufferWriter<byte> json)
    {
        if (text.IsEmpty || text[0] is < (byte)'0' or > (byte)'9' || text.EndsWith("BC"u8))
        {
            JsonText.String(json, text);
            return;
        }
        json.Write("\""u8);
        if (text.IndexOf((byte)'-') > 4)
            json.Write("+"u8);
        var space = text.IndexOf((byte)' ');
        if (space < 0)
            json.Write(text);
        else
        {
            json.Write(text[..space]);
            json.Write("T"u8);
            json.Write(text[(space + 1)..]);
        }
        if (fraction > 0)
        {
            var point = text.LastIndexOf((byte)'.');
            var present = point < 0 ? 0 : text.Length - point - 1;
            if (point < 0)
                json.Write("."u8);
            if (present < fraction)
                json.Write("000000"u8[present..fraction]);
        }
        json.Write("Z\""u8);
    }
}
