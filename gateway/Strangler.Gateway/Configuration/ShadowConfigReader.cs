using System.Globalization;
using Microsoft.Extensions.Configuration;
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
        return new ShadowModel
        {
            Share = Share(preset.Share),
            PerSecond = Number("PerSecond", preset.PerSecond, 1, 100_000),
            MaxConcurrent = Number("MaxConcurrent", preset.MaxConcurrent, 1, 1_024),
            MaxBodyBytes = Number("MaxBodyBytes", preset.MaxBodyBytes, 1, MaxAllowedBodyBytes),
            LegacyStaleness = Time("LegacyStaleness", preset.LegacyStaleness, TimeSpan.Zero),
            ClockSkew = Time("ClockSkew", preset.ClockSkew, TimeSpan.Zero),
            Delay = Time("Delay", preset.Delay, TimeSpan.Zero, MaxAllowedDelay),
            Wait = Time("Wait", preset.Wait, TimeSpan.FromMilliseconds(1)),
            AgainPerSecond = Number($"{AskAgain}:PerSecond", preset.AgainPerSecond, 0, 10_000),
            AgainTimes = Number($"{AskAgain}:Times", preset.AgainTimes, 0, 100),
            AgainPause = Time($"{AskAgain}:Pause", preset.AgainPause, TimeSpan.FromMilliseconds(1)),
        };
    }

    private double Share(double preset)
    {
        if (section["Share"] is not { } text)
            return preset;
        if (
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 1
        )
            return value;
        faults.Add(
            new Fault(
                $"{section.Path}:Share",
                $"'{text}' is not a share from 0 to 1.",
                "Write it with a point, such as 0.25 for a quarter of the keys, or leave it out for all."
            )
        );
        return preset;
    }

    private int Number(string member, int preset, int least, int greatest)
    {
        if (section[member] is not { } text)
            return preset;
        if (
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= greatest
        )
            return value;
        faults.Add(
            new Fault(
                $"{section.Path}:{member}",
                $"'{text}' is not a whole number from {least} to {greatest}.",
                $"Correct it, or leave it out for {preset}."
            )
        );
        return preset;
    }

    private TimeSpan Time(string member, TimeSpan preset, TimeSpan least, TimeSpan? most = null)
    {
        if (section[member] is not { } text)
            return preset;
        var greatest = most ?? MaxAllowedTime;
        // a number alone would be days
        if (
            text.Contains(':', StringComparison.Ordinal)
            && TimeSpan.TryParseExact(text, "c", CultureInfo.InvariantCulture, out var value)
            && value >= least
            && value <= greatest
        )
            return value;
        faults.Add(
            new Fault(
                $"{section.Path}:{member}",
                $"'{text}' is not a time from {least:c} to {greatest:c}.",
                $"Write hours:minutes:seconds, or leave it out for {preset:c}."
            )
        );
        return preset;
    }
}
