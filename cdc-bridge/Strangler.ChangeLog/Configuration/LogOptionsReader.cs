using Microsoft.Extensions.Configuration;
using Strangler.ChangeLog.Embedded;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.ChangeLog.Configuration;

/// <summary>Reads the section <c>Log</c> of the configuration.</summary>
public static class LogOptionsReader
{
    /// <summary>A notification that is lost with its connection costs a reader no more than this.</summary>
    private static readonly TimeSpan MaxPoll = TimeSpan.FromHours(1);
    private static readonly TimeSpan MinTime = TimeSpan.FromMilliseconds(1);

    /// <summary>The section's options, and defaults where it has faults.</summary>
    public static EmbeddedLogOptions Read(IConfiguration configuration, List<Fault> faults)
    {
        var section = configuration.GetSection("Log");
        var (values, preset) = (new SectionValues(section, faults), new EmbeddedLogOptions());
        return new EmbeddedLogOptions
        {
            Retention = Time(nameof(preset.Retention), preset.Retention),
            RetentionBytes = values.Number(nameof(preset.RetentionBytes), 1, long.MaxValue),
            SegmentAge = Time(nameof(preset.SegmentAge), preset.SegmentAge),
            SegmentBytes = values.Number(nameof(preset.SegmentBytes), preset.SegmentBytes, 1, long.MaxValue),
            WaitPoll = values.Time(nameof(preset.WaitPoll), preset.WaitPoll, MinTime, MaxPoll),
        };

        TimeSpan Time(string member, TimeSpan otherwise) => values.Time(member, otherwise, MinTime, TimeSpan.MaxValue);
    }
}
