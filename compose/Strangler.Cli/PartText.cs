using System.Globalization;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>A part's state in words: nothing while it runs well and has logged no errors.</summary>
internal static class PartText
{
    /// <summary>A part that has run for this long is healthy, whatever its previous run reported.</summary>
    public static readonly TimeSpan WellAfter = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Its state, and the lines that it wrote before it ended; then the newest error that it has logged in this run,
    /// with its age: only a new run clears it.
    /// </summary>
    public static IEnumerable<string> Sentences(PartState part, DateTimeOffset now)
    {
        if (part.ExitCode is { } code && !(part.IsRunning && now - part.Since >= WellAfter))
        {
            yield return part.IsRunning
                ? $"{part.Part}: running again since {Time(part.Since)}; before, it ended with exit code {code}."
                : $"{part.Part}: not running since {Time(part.Since)}, when it ended with exit code "
                    + $"{code}.{(part.NextTry is { } next ? $" It is started again at {Time(next)}." : "")}";
            foreach (var fault in part.Faults)
                yield return $"{part.Part}: {fault}";
        }
        if (part is { IsRunning: true, LastError: { } error })
            yield return $"{part.Part}: the newest error in its log, {Age(now - error.At)} old: {error.Text}";
    }

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>
    /// In the largest unit of which it has at least two; clocks may differ, so that the age may be negative.
    /// </summary>
    private static string Age(TimeSpan age)
    {
        var (count, unit) = age switch
        {
            { TotalDays: >= 2 } => (age.TotalDays, "d"),
            { TotalHours: >= 2 } => (age.TotalHours, "h"),
            { TotalMinutes: >= 2 } => (age.TotalMinutes, "min"),
            _ => (Math.Max(0, age.TotalSeconds), "s"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(count)} {unit}");
    }
}
