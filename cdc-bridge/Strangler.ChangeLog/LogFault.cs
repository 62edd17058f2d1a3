using System.Globalization;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog;

/// <summary>The faults that every change log reports in the same words.</summary>
internal static class LogFault
{
    public static FaultException TakenOver(string source) =>
        new(
            new Fault(
                $"Log:{source}",
                "Another appender has taken over the change log of this source, so this one may no longer write.",
                "Run one bridge per source. If this one wasn't meant to run, there is nothing to do."
            )
        );

    public static Fault Dropped(string source, Position after, Position begin) =>
        new(
            $"Log:{source}",
            $"Records after {after} were requested, but retention has dropped everything before {begin}, where "
                + "the log now begins.",
            "Rebuild from the mirror at its watermark, or take a new snapshot of the source; a longer "
                + "'Log:Retention' leaves readers more time."
        );

    public static Fault EndsBefore(string source, Position after, Position? end) =>
        new(
            $"Log:{source}",
            $"Records after {after} were requested, but the log "
                + (end is null ? "holds nothing yet" : $"ends at {end}")
                + ": it was restored from an older backup, or started over.",
            "Take a new snapshot of the source: 'strangler bridge --resnapshot'."
        );

    public static Fault BeginsAfter(string source, DateTimeOffset time, Position? begin) =>
        new(
            $"Log:{source}",
            begin is null || begin == Position.Start
                ? $"The log has no transaction at or before {Written(time)}: it begins after that time."
                : $"The log begins at {begin}, after {Written(time)}: retention has dropped everything before.",
            "Ask for a later time, or rebuild from the mirror."
        );

    private static string Written(DateTimeOffset time) =>
        time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
