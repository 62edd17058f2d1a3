using System.Globalization;

namespace Strangler.Evidence.Rendering;

/// <summary>Figures as the plain-text reports show them.</summary>
internal static class TextFigures
{
    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Share(double share) => share.ToString("0.0 %", CultureInfo.InvariantCulture);

    /// <summary>Two significant digits, however small the rate.</summary>
    public static string Percent(double rate) =>
        rate switch
        {
            0 => "0 %",
            < 0.0001 => rate.ToString("0.0e+0", CultureInfo.InvariantCulture),
            _ => rate.ToString("0.### %", CultureInfo.InvariantCulture),
        };

    public static string Milliseconds(double? value) =>
        value is { } known
            ? known.ToString(
                known < 10 ? "0.00"
                    : known < 100 ? "0.0"
                    : "N0",
                CultureInfo.InvariantCulture
            )
            : "-";

    public static string Time(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    public static string ShortTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    public static string Short(string hash) => hash.Length > 12 ? hash[..12] : hash;
}
