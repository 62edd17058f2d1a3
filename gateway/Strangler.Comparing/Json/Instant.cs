using System.Buffers.Text;

namespace Strangler.Comparing.Json;

/// <summary>
/// A date with or without a time, as in ISO 8601 and RFC 3339, to 100 ns: tolerances, against which instants are
/// compared, are no finer.
/// </summary>
/// <param name="Ticks">100 ns since year 1; in UTC if it has an offset.</param>
/// <param name="HasOffset">
/// Without an offset it names no instant, and is comparable only with others without one.
/// </param>
internal readonly record struct Instant(long Ticks, bool HasOffset)
{
    private const long Second = TimeSpan.TicksPerSecond;
    private const int FractionDigits = 7;

    public static bool TryParse(ReadOnlySpan<byte> text, out Instant instant)
    {
        instant = default;
        if (
            !Number(ref text, 4, out var year)
            || !Take(ref text, '-')
            || !Number(ref text, 2, out var month)
            || !Take(ref text, '-')
            || !Number(ref text, 2, out var day)
        )
            return false;
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return false;
        var value = new DateTime(year, month, day).Ticks;
        if (text.IsEmpty)
        {
            instant = new Instant(value, false);
            return true;
        }
        if (!Take(ref text, 'T') && !Take(ref text, 't') && !Take(ref text, ' '))
            return false;
        int seconds = 0;
        long fraction = 0;
        if (!Number(ref text, 2, out var hours) || !Take(ref text, ':') || !Number(ref text, 2, out var minutes))
            return false;
        if (Take(ref text, ':') && (!Number(ref text, 2, out seconds) || !Fraction(ref text, out fraction)))
            return false;
        // 24:00 ends a day, and a leap second is the next minute's first
        if (minutes > 59 || seconds > 60 || hours > 24 || hours == 24 && (minutes > 0 || seconds > 0 || fraction > 0))
            return false;
        value += (((hours * 3600) + (minutes * 60) + seconds) * Second) + fraction;
        if (!Offset(ref text, out var offset))
            return false;
        instant = new Instant(value - ((offset ?? 0) * 60 * Second), offset is not null);
        return true;
    }

    public static bool Within(Instant a, Instant b, TimeSpan max) =>
        a.HasOffset == b.HasOffset && Math.Abs(a.Ticks - b.Ticks) <= max.Ticks;

    /// <summary>Digits after the seventh are dropped.</summary>
    private static bool Fraction(ref ReadOnlySpan<byte> text, out long fraction)
    {
        fraction = 0;
        if (!Take(ref text, '.') && !Take(ref text, ','))
            return true;
        var digits = 0;
        for (; !text.IsEmpty && text[0] is >= (byte)'0' and <= (byte)'9'; text = text[1..], digits++)
        {
            if (digits < FractionDigits)
                fraction = (fraction * 10) + (text[0] - '0');
        }
        for (var digit = digits; digit < FractionDigits; digit++)
            fraction *= 10;
        return digits > 0;
    }

    /// <summary>Minutes east of UTC; null without one.</summary>
    private static bool Offset(ref ReadOnlySpan<byte> text, out int? offset)
    {
        offset = null;
        if (text.IsEmpty)
            return true;
        var minutes = 0;
        if (Take(ref text, 'Z') || Take(ref text, 'z'))
        {
            offset = 0;
            return text.IsEmpty;
        }
        var west = text[0] == '-';
        if (!Take(ref text, '+') && !Take(ref text, '-') || !Number(ref text, 2, out var hours))
            return false;
        if (!text.IsEmpty)
        {
            Take(ref text, ':');
            if (!Number(ref text, 2, out minutes))
                return false;
        }
        offset = ((hours * 60) + minutes) * (west ? -1 : 1);
        return text.IsEmpty && hours < 24 && minutes < 60;
    }

    private static bool Number(ref ReadOnlySpan<byte> text, int digits, out int value)
    {
        value = 0;
        if (text.Length < digits || text[..digits].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return false;
        if (!Utf8Parser.TryParse(text[..digits], out value, out _))
            return false;
        text = text[digits..];
        return true;
    }

    private static bool Take(ref ReadOnlySpan<byte> text, char character)
    {
        if (text.IsEmpty || text[0] != character)
            return false;
        text = text[1..];
        return true;
    }
}
