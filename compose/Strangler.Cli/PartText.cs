using System.Globalization;
using Strangler.Gateway.Admin;

namespace Strangler.Cli;

/// <summary>What is said of a part: nothing while it runs well.</summary>
internal static class PartText
{
    /// <summary>A part that has run for so long is well, whatever its run before it said.</summary>
    public static readonly TimeSpan WellAfter = TimeSpan.FromSeconds(60);

    /// <summary>How it is, then what it said before it ended, a line each.</summary>
    public static IEnumerable<string> Sentences(PartState part, DateTimeOffset now)
    {
        if (part.ExitCode is not { } code || part.IsRunning && now - part.Since >= WellAfter)
            return [];
        var how = part.IsRunning
            ? $"{part.Part}: runs again since {Time(part.Since)}; before, it ended with exit code {code}."
            : $"{part.Part}: does not run since {Time(part.Since)}, when it ended with exit code "
                + $"{code}.{(part.NextTry is { } next ? $" It is started again at {Time(next)}." : "")}";
        return [how, .. part.Faults.Select(fault => $"{part.Part}: {fault}")];
    }

    private static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
