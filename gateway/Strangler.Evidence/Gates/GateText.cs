using System.Globalization;

namespace Strangler.Evidence.Gates;

/// <summary>How the gate's rules write figures, and their results.</summary>
internal static class GateText
{
    public static GateRule Kept(string name, string found) => new(name, true, found, "");

    public static GateRule Missing(string name, string found, string wayOut) => new(name, false, found, wayOut);

    public static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    public static string Percent(double share) =>
        share.ToString(share is > 0 and < 0.001 ? "0.#### %" : "0.## %", CultureInfo.InvariantCulture);

    /// <summary>A time that is waited for, rounded up.</summary>
    public static string Duration(double hours) =>
        hours switch
        {
            < 1 / 30.0 => "a minute",
            < 1.5 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(hours * 60):0} minutes"),
            < 48 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(hours):0} hours"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(hours / 24):N0} days"),
        };

    /// <summary>A time that has passed.</summary>
    public static string Span(TimeSpan time) =>
        time.TotalSeconds < 120 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.#} s")
        : time.TotalHours < 2 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0} minutes")
        : time.TotalHours < 48 ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0.#} hours")
        : string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0.#} days");
}
