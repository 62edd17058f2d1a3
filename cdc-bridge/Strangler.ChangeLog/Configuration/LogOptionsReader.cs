using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Configuration;

/// <summary>Reads the section <c>Log</c> of the configuration.</summary>
public static class LogOptionsReader
{
    private static readonly EmbeddedLogOptions Defaults = new();

    /// <summary>Reads what it can and adds what is wrong.</summary>
    public static EmbeddedLogOptions Read(IConfiguration configuration, List<Fault> faults)
    {
        return new EmbeddedLogOptions
        {
            Retention = Time("Log:Retention", Defaults.Retention),
            RetentionBytes = Bytes("Log:RetentionBytes", "Write a number, or null to keep by age alone."),
            SegmentAge = Time("Log:SegmentAge", Defaults.SegmentAge),
            SegmentBytes =
                Bytes("Log:SegmentBytes", $"Write a number, such as '{Defaults.SegmentBytes}'.")
                ?? Defaults.SegmentBytes,
            WaitPoll = Time("Log:WaitPoll", Defaults.WaitPoll),
        };

        TimeSpan Time(string path, TimeSpan otherwise)
        {
            if (configuration[path] is not { Length: > 0 } text)
                return otherwise;
            if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) && time > TimeSpan.Zero)
                return time;
            faults.Add(
                new Fault(
                    path,
                    $"'{text}' is not a positive span of time.",
                    $"Write days.hours:minutes:seconds, such as '{otherwise:c}'."
                )
            );
            return otherwise;
        }

        long? Bytes(string path, string wayOut)
        {
            if (configuration[path] is not { Length: > 0 } text)
                return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0)
                return number;
            faults.Add(new Fault(path, $"'{text}' is not a positive number of bytes.", wayOut));
            return null;
        }
    }
}
