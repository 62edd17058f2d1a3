using System.Buffers;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// Dates, times and timestamps. The constants for infinity are those that the connector writes, which come from the
/// JDBC driver and from Java's largest dates.
/// </summary>
internal static class TimeFormats
{
    private const int MaxMillisecondDigits = 3;
    private const int WholeSeconds = 19; // characters of 2024-02-29 12:00:00
    private const string JdbcMinusInfinity = "+292269055-12-02T23:00:00";
    private const long InfinityDays = -2_147_472_692;
    private const long MinusInfinityDays = -2_147_472_691;
    private const long Infinity = 9_223_372_036_825_200_000;
    private const long MinusInfinity = -9_223_372_036_832_400_000;

    /// <param name="precision">How it is written.</param>
    /// <param name="isJdbc">
    /// Whether the connector reads it as <c>java.sql.Date</c>, as in snapshots and arrays: it loses the era, and
    /// infinity is another day, whose number overflows.
    /// </param>
    public static ValueFormat Date(TimePrecision precision, bool isJdbc)
    {
        ReadOnlySpanFunc<long> days = isJdbc ? JdbcDays : DaysOf;
        return precision switch
        {
            TimePrecision.IsoString => Text(
                "io.debezium.time.IsoDate",
                "1970-01-01Z",
                text => DateTimeText.IsoDate(days(text)) + "Z"
            ),
            TimePrecision.Connect => Number(
                ConnectSchema.Int32,
                "org.apache.kafka.connect.data.Date",
                text => unchecked((int)days(text))
            ),
            _ => Number(ConnectSchema.Int32, "io.debezium.time.Date", text => unchecked((int)days(text))),
        };
    }

    /// <summary>An element of an array, which is a <c>java.sql.Time</c>: milliseconds, and no 24:00.</summary>
    public static ValueFormat JdbcTime(TimePrecision precision, int digits)
    {
        var format = Time(precision, digits);
        return format with
        {
            Encode = (text, json) =>
            {
                var time = DateTimeText.Microseconds(text) % DateTimeText.MicrosecondsPerDay / 1_000 * 1_000;
                format.Encode(System.Text.Encoding.ASCII.GetBytes(DateTimeText.IsoTime(time, 6)), json);
            },
        };
    }

    /// <param name="digits">The column's fractional digits.</param>
    public static ValueFormat Time(TimePrecision precision, int digits) =>
        precision switch
        {
            TimePrecision.IsoString => Text("io.debezium.time.IsoTime", "00:00:00Z", IsoTime),
            TimePrecision.Connect => Number(
                ConnectSchema.Int32,
                "org.apache.kafka.connect.data.Time",
                static text => DateTimeText.Microseconds(text) / 1_000
            ),
            TimePrecision.Nanoseconds => Number(
                ConnectSchema.Int64,
                "io.debezium.time.NanoTime",
                static text => DateTimeText.Microseconds(text) * 1_000
            ),
            TimePrecision.Adaptive when digits <= MaxMillisecondDigits => Number(
                ConnectSchema.Int32,
                "io.debezium.time.Time",
                static text => DateTimeText.Microseconds(text) / 1_000
            ),
            _ => Number(ConnectSchema.Int64, "io.debezium.time.MicroTime", DateTimeText.Microseconds),
        };

    /// <param name="digits">The column's fractional digits.</param>
    public static ValueFormat Timestamp(TimePrecision precision, int digits) =>
        precision switch
        {
            TimePrecision.IsoString => Text("io.debezium.time.IsoTimestamp", "1970-01-01T00:00:00Z", IsoTimestamp),
            TimePrecision.Connect => Number(
                ConnectSchema.Int64,
                "org.apache.kafka.connect.data.Timestamp",
                Milliseconds
            ),
            TimePrecision.Nanoseconds => Number(ConnectSchema.Int64, "io.debezium.time.NanoTimestamp", Nanoseconds),
            TimePrecision.Adaptive or TimePrecision.AdaptiveTimeMicroseconds when digits <= MaxMillisecondDigits =>
                Number(ConnectSchema.Int64, "io.debezium.time.Timestamp", Milliseconds),
            _ => Number(ConnectSchema.Int64, "io.debezium.time.MicroTimestamp", Microseconds),
        };

    /// <param name="digits">The column's fractional digits, all of which are written.</param>
    /// <param name="isJdbc">Whether it is an element of an array, whose infinity in the past is a date of Java.</param>
    public static ValueFormat ZonedTimestamp(int digits, bool isJdbc = false)
    {
        var format = Text(
            "io.debezium.time.ZonedTimestamp",
            "1970-01-01T00:00:00Z",
            text =>
                isJdbc && text.SequenceEqual("-infinity"u8) ? JdbcMinusInfinity + IsoFraction(digits) + "Z"
                : IsInfinite(text) ? System.Text.Encoding.ASCII.GetString(text)
                : IsoInstant(Utc(text), Width(digits))
        );
        return format with
        {
            Encode = (text, json) =>
            {
                if (!TryCopyInstant(text, digits, json))
                    format.Encode(text, json);
            },
        };
    }

    /// <summary>
    /// A timestamp of four digits of the year, in UTC, has the same digits as in ISO 8601. These are nearly all, and
    /// need no calculation.
    /// </summary>
    private static bool TryCopyInstant(ReadOnlySpan<byte> text, int digits, ArrayBufferWriter<byte> json)
    {
        if (text.Length < WholeSeconds + 3 || text[4] != '-' || text[10] != ' ' || !text.EndsWith("+00"u8))
            return false;
        var fraction = text[WholeSeconds..^3];
        if (digits > 0 && fraction.Length > digits + 1)
            return false;
        json.Write("\""u8);
        json.Write(text[..10]);
        json.Write("T"u8);
        json.Write(text[11..^3]);
        if (digits > 0)
        {
            if (fraction.IsEmpty)
                json.Write("."u8);
            for (var i = Math.Max(fraction.Length - 1, 0); i < digits; i++)
                json.Write("0"u8);
        }
        json.Write("Z\""u8);
        return true;
    }

    /// <param name="isJdbc">Whether it is an element of an array, which loses its fraction.</param>
    public static ValueFormat ZonedTime(bool isJdbc = false) =>
        Text(
            "io.debezium.time.ZonedTime",
            "00:00:00Z",
            text => isJdbc ? IsoZonedTime(text).Split('.', 'Z')[0] + "Z" : IsoZonedTime(text)
        );

    private static string IsoFraction(int digits) => digits > 0 ? "." + new string('0', digits) : "";

    private static ValueFormat Text(string name, string fallback, ReadOnlySpanFunc<string> convert) =>
        new(
            ConnectSchema.String.Named(name),
            (text, json) => JsonText.String(json, System.Text.Encoding.ASCII.GetBytes(convert(text))),
            JsonText.String(fallback)
        );

    /// <summary>A number that is out of the range of its type becomes null.</summary>
    private static ValueFormat Number(ConnectSchema type, string name, ReadOnlySpanFunc<long> convert) =>
        new(
            type.Named(name),
            (text, json) =>
            {
                try
                {
                    JsonText.Number(json, convert(text));
                }
                catch (OverflowException)
                {
                    json.Write("null"u8);
                }
            },
            [.. "0"u8]
        );

    private delegate T ReadOnlySpanFunc<T>(ReadOnlySpan<byte> text);

    private static bool IsInfinite(ReadOnlySpan<byte> text) => text.EndsWith("infinity"u8);

    private static long DaysOf(ReadOnlySpan<byte> text) =>
        !IsInfinite(text) ? DateTimeText.Days(text)
        : text[0] == '-' ? MinusInfinityDays
        : InfinityDays;

    private static long JdbcDays(ReadOnlySpan<byte> text) =>
        IsInfinite(text) ? DateTimeText.Days(text[0] == '-' ? "292269055-12-02"u8 : "292278994-08-16"u8)
        : text.EndsWith(" BC"u8) ? DateTimeText.Days(text[..^3])
        : DateTimeText.Days(text);

    private static long Microseconds(ReadOnlySpan<byte> text) =>
        IsInfinite(text) ? InfinityOf(text) : Microseconds(DateTimeText.Timestamp(text));

    /// <summary>
    /// In years that microseconds can't count, Java's conversion of the seconds stops at the largest number, and the
    /// fraction that is added overflows.
    /// </summary>
    private static long Microseconds((long Days, long Microseconds) at)
    {
        var seconds = (Int128)at.Days * 86_400 + at.Microseconds / 1_000_000;
        var whole = (long)Int128.Clamp(seconds * 1_000_000, long.MinValue, long.MaxValue);
        return unchecked(whole + at.Microseconds % 1_000_000);
    }

    private static long InfinityOf(ReadOnlySpan<byte> text) => text[0] == '-' ? MinusInfinity : Infinity;

    private static long Milliseconds(ReadOnlySpan<byte> text)
    {
        if (IsInfinite(text))
            return InfinityOf(text) / 1_000;
        var (days, microseconds) = DateTimeText.Timestamp(text);
        return checked(days * 86_400_000 + microseconds / 1_000);
    }

    /// <exception cref="OverflowException">It is before 1677 or after 2262.</exception>
    private static long Nanoseconds(ReadOnlySpan<byte> text)
    {
        if (IsInfinite(text))
            return text[0] == '-' ? long.MinValue : long.MaxValue;
        var (days, microseconds) = DateTimeText.Timestamp(text);
        return checked((days * DateTimeText.MicrosecondsPerDay + microseconds) * 1_000);
    }

    private static string IsoTime(ReadOnlySpan<byte> text) =>
        DateTimeText.IsoTime(DateTimeText.Microseconds(text) % DateTimeText.MicrosecondsPerDay) + "Z";

    private static string IsoTimestamp(ReadOnlySpan<byte> text) =>
        IsoInstant(IsInfinite(text) ? Split(InfinityOf(text)) : DateTimeText.Timestamp(text), digits: null);

    private static (long Days, long Microseconds) Split(long microseconds)
    {
        var days =
            microseconds / DateTimeText.MicrosecondsPerDay
            - (microseconds % DateTimeText.MicrosecondsPerDay < 0 ? 1 : 0);
        return (days, microseconds - days * DateTimeText.MicrosecondsPerDay);
    }

    private static string IsoInstant((long Days, long Microseconds) at, int? digits) =>
        $"{DateTimeText.IsoDate(at.Days)}T{DateTimeText.IsoTime(at.Microseconds, digits)}Z";

    /// <summary>Java writes no fraction of a fixed width of zero: it writes the digits that the value needs.</summary>
    private static int? Width(int digits) => digits > 0 ? digits : null;

    /// <summary>Sessions are in UTC, so the offset is +00.</summary>
    private static (long Days, long Microseconds) Utc(ReadOnlySpan<byte> text)
    {
        var offset = text.LastIndexOf("+00"u8);
        return DateTimeText.Timestamp(offset < 0 ? text : [.. text[..offset], .. text[(offset + 3)..]]);
    }

    private static string IsoZonedTime(ReadOnlySpan<byte> text)
    {
        var sign = text.LastIndexOfAny((byte)'+', (byte)'-');
        var offset = text[(sign + 1)..];
        var minutes = offset.Length < 3 ? [.. offset, .. ":00"u8] : offset;
        var shift = DateTimeText.Microseconds(minutes) * (text[sign] == '-' ? 1 : -1);
        var time = (DateTimeText.Microseconds(text[..sign]) + shift) % DateTimeText.MicrosecondsPerDay;
        return DateTimeText.IsoTime(time < 0 ? time + DateTimeText.MicrosecondsPerDay : time) + "Z";
    }
}
