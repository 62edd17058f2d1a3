using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:Shadow</c> of a route: what it means, and all its faults.</summary>
internal sealed class ShadowConfigReader(IConfigurationSection section, List<Fault> faults)
{
    private const string AskAgain = "AskAgain";
    private const int MaxAllowedBodyBytes = 16 << 20;
    private static readonly string[] Members =
    [
        "Share",
        "PerSecond",
        "MaxConcurrent",
        "MaxBodyBytes",
        "LegacyStaleness",
        "ClockSkew",
        "Delay",
        "Wait",
        AskAgain,
    ];
    private static readonly string[] AgainMembers = ["PerSecond", "Times", "Pause"];

    // After a longer delay, not all looks around an answer are still kept.
    private static readonly TimeSpan MaxAllowedDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxAllowedTime = TimeSpan.FromHours(1);

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public ShadowModel Read()
    {
        var preset = ShadowModel.Default;
        UnknownMembers.Find(section, Members, faults);
        UnknownMembers.Find(section.GetSection(AskAgain), AgainMembers, faults);
        var values = new SectionValues(section, faults);
        return new ShadowModel
        {
            Share = values.Share("Share") ?? preset.Share,
            PerSecond = values.Number("PerSecond", preset.PerSecond, 1, 100_000),
            MaxConcurrent = values.Number("MaxConcurrent", preset.MaxConcurrent, 1, 1_024),
            MaxBodyBytes = values.Number("MaxBodyBytes", preset.MaxBodyBytes, 1, MaxAllowedBodyBytes),
            LegacyStaleness = values.Time("LegacyStaleness", preset.LegacyStaleness, TimeSpan.Zero, MaxAllowedTime),
            ClockSkew = values.Time("ClockSkew", preset.ClockSkew, TimeSpan.Zero, MaxAllowedTime),
            Delay = values.Time("Delay", preset.Delay, TimeSpan.Zero, MaxAllowedDelay),
            Wait = values.Time("Wait", preset.Wait, TimeSpan.FromMilliseconds(1), MaxAllowedTime),
            AgainPerSecond = values.Number($"{AskAgain}:PerSecond", preset.AgainPerSecond, 0, 10_000),
            AgainTimes = values.Number($"{AskAgain}:Times", preset.AgainTimes, 0, 100),
            AgainPause = values.Time(
                $"{AskAgain}:Pause",
                preset.AgainPause,
                TimeSpan.FromMilliseconds(1),
                MaxAllowedTime
            ),
        };
    }
}
