using System.Globalization;
using Strangler.CdcBridge.Configuration;
using Strangler.CdcBridge.Connect;
using Strangler.CdcBridge.Encoding;

namespace Strangler.CdcBridge.Debezium;

/// <summary>interval, from PostgreSQL's own style: <c>1 year 2 mons -3 days 04:05:06.789</c>.</summary>
internal static class IntervalFormats
{
    private const double DaysPerMonth = 365.25 / 12;

    public static ValueFormat Interval(IntervalHandling handling) =>
        handling == IntervalHandling.String
            ? new(
                ConnectSchema.String.Named("io.debezium.time.Interval"),
                static (text, json) => JsonText.String(json, Utf8(Iso(Parts.Of(text)))),
                [.. "\"P0Y0M0DT0H0M0S\""u8]
            )
            : new(
                ConnectSchema.Int64.Named("io.debezium.time.MicroDuration"),
                static (text, json) => JsonText.Number(json, Microseconds(Parts.Of(text))),
                [.. "0"u8]
            );

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    /// <summary>Computed in floating point, as the connector does, so that the same digits are lost.</summary>
    private static long Microseconds(Parts parts)
    {
        var days = (parts.Years * 12 + parts.Months) * DaysPerMonth + parts.Days;
        var seconds = ((days * 24 + parts.Hours) * 60 + parts.Minutes) * 60 + (double)parts.Seconds;
        return (long)(seconds * 1e6);
    }

    private static string Iso(Parts parts)
    {
        var seconds = parts.Seconds.ToString("0.######", CultureInfo.InvariantCulture);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"P{parts.Years}Y{parts.Months}M{parts.Days}DT{parts.Hours}H{parts.Minutes}M{seconds}S"
        );
    }

    private readonly record struct Parts(int Years, int Months, int Days, long Hours, int Minutes, decimal Seconds)
    {
        public static Parts Of(ReadOnlySpan<byte> text)
        {
            var parts = default(Parts);
            var words = System.Text.Encoding.ASCII.GetString(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            for (var i = 0; i < words.Length; i++)
            {
                if (words[i].Contains(':', StringComparison.Ordinal))
                {
                    parts = parts.WithTime(words[i]);
                    continue;
                }
                if (i + 1 == words.Length)
                    break; // a word such as 'epoch' counts nothing
                var number = int.Parse(words[i], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
                i++;
                parts = words[i][0] switch
                {
                    'y' => parts with { Years = number },
                    'm' => parts with { Months = number },
                    _ => parts with { Days = number },
                };
            }
            return parts;
        }

        /// <summary>A sign before the hours is that of minutes and seconds too.</summary>
        private Parts WithTime(string word)
        {
            var sign = word[0] == '-' ? -1 : 1;
            var fields = word.TrimStart('-', '+').Split(':');
            return this with
            {
                Hours = sign * long.Parse(fields[0], CultureInfo.InvariantCulture),
                Minutes = sign * int.Parse(fields[1], CultureInfo.InvariantCulture),
                Seconds = sign * decimal.Parse(fields[2], CultureInfo.InvariantCulture),
            };
        }
    }
}
