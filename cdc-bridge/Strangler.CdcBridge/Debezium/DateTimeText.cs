using System.Globalization;

namespace Strangler.CdcBridge.Debezium;

/// <summary>
/// Reads PostgreSQL's ISO output of dates and times: <c>2024-02-29 13:14:15.5+00 BC</c> and its parts. Dates are those
/// of the proleptic Gregorian calendar, as in PostgreSQL and in Java; the year before 1 is 0.
/// </summary>
internal static class DateTimeText
{
    public const long MicrosecondsPerDay = 86_400_000_000;

    /// <summary>Days since 1970-01-01.</summary>
    public static long Days(ReadOnlySpan<byte> text)
    {
        var era = text.EndsWith(" BC"u8);
        if (era)
            text = text[..^3];
        var yearEnd = text.IndexOf((byte)'-');
        var year = Number(text[..yearEnd]);
        return Days(era ? 1 - year : year, Number(text.Slice(yearEnd + 1, 2)), Number(text.Slice(yearEnd + 4, 2)));
    }

    /// <summary>Microseconds since midnight; 24:00:00 is a whole day.</summary>
    public static long Microseconds(ReadOnlySpan<byte> text)
    {
        var minutes = Number(text[..2]) * 60 + Number(text.Slice(3, 2));
        var seconds = text.Length > 5 ? Number(text.Slice(6, 2)) : 0;
        long fraction = 0;
        for (var i = 0; i < 6; i++)
            fraction = fraction * 10 + (text.Length > 9 + i ? text[9 + i] - '0' : 0);
        return (minutes * 60L + seconds) * 1_000_000 + fraction;
    }

    /// <summary>
    /// Days since 1970-01-01 and microseconds since their midnight, as if the timestamp were in UTC. A date alone is
    /// its midnight.
    /// </summary>
    public static (long Days, long Microseconds) Timestamp(ReadOnlySpan<byte> text)
    {
        var space = text.IndexOf((byte)' ');
        if (space < 0)
            return (Days(text), 0);
        var era = text.EndsWith(" BC"u8);
        var time = (era ? text[..^3] : text)[(space + 1)..];
        var days = era ? Days([.. text[..space], .. " BC"u8]) : Days(text[..space]);
        return (days, Microseconds(time));
    }

    /// <summary>A date as Java's ISO formatter writes it: years beyond four digits have a sign.</summary>
    public static string IsoDate(long days)
    {
        var (year, month, day) = Date(days);
        var years = Math.Abs(year).ToString("0000", CultureInfo.InvariantCulture);
        var sign = year switch
        {
            < 0 => "-",
            > 9999 => "+",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{sign}{years}-{month:00}-{day:00}");
    }

    /// <summary>A time of day as Java's ISO formatter writes it.</summary>
    /// <param name="digits">The digits of the fraction; null for as many as needed.</param>
    public static string IsoTime(long microseconds, int? digits = null)
    {
        var seconds = microseconds / 1_000_000;
        var fraction = (microseconds % 1_000_000).ToString("000000", CultureInfo.InvariantCulture);
        fraction = digits is { } count ? fraction[..count] : fraction.TrimEnd('0');
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}{(fraction.Length > 0 ? "." : "")}{fraction}"
        );
    }

    private static int Number(ReadOnlySpan<byte> digits) =>
        int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);

    // Both directions count from March, so that the leap day is a year's last (H. Hinnant, "chrono-compatible low-level
    // date algorithms").
    private static long Days(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        var cycle = Math.DivRem(year >= 0 ? year : year - 399, 400).Quotient;
        var yearOfCycle = year - cycle * 400;
        var dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        var dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear;
        return cycle * 146_097 + dayOfCycle - 719_468;
    }

    private static (long Year, int Month, int Day) Date(long days)
    {
        days += 719_468;
        var cycle = (days >= 0 ? days : days - 146_096) / 146_097;
        var dayOfCycle = days - cycle * 146_097;
        var yearOfCycle = (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365;
        var dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100);
        var march = (5 * dayOfYear + 2) / 153;
        var day = (int)(dayOfYear - (153 * march + 2) / 5 + 1);
        var month = (int)(march < 10 ? march + 3 : march - 9);
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day);
    }
}
