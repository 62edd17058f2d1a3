using System.Globalization;

namespace Strangler.Evidence.Rendering.Html;

/// <summary>Figures in a readable format.</summary>
internal static class Figures
{
    public static string Number(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>A share from 0 to 1 as percent, with significant digits only.</summary>
    public static string Percent(double share) =>
        share switch
        {
            0 => "0 %",
            < 0.0001 => "under 0.01 %",
            < 0.01 => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.00} %"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{share * 100:0.#} %"),
        };

    public static string Milliseconds(double? value) =>
        value switch
        {
            null => "–",
            < 10 => string.Create(CultureInfo.InvariantCulture, $"{value:0.0} ms"),
            < 10_000 => string.Create(CultureInfo.InvariantCulture, $"{value:#,0} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value / 1000:#,0.0} s"),
        };

    public static string Time(DateTimeOffset? time) =>
        time is { } at ? at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "–";

    public static string Count(long count, string one, string many) => $"{Number(count)} {(count == 1 ? one : many)}";
}
