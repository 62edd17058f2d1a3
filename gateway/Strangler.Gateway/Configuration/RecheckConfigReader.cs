using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:Recheck</c> of a route: what it means, and all its faults.</summary>
internal static class RecheckConfigReader
{
    private const int MaxAllowedPerMinute = 6_000;
    private const int MaxAllowedPerSecond = 10_000;
    private static readonly string[] Members =
    [
        nameof(RecheckModel.Share),
        nameof(RecheckModel.MinPerMinute),
        nameof(RecheckModel.MaxPerSecond),
    ];

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public static RecheckModel Read(IConfigurationSection section, List<Fault> faults)
    {
        var preset = RecheckModel.Default;
        UnknownMembers.Find(section, Members, faults);
        var values = new SectionValues(section, faults);
        return new RecheckModel
        {
            Share = values.Share(nameof(RecheckModel.Share)) ?? preset.Share,
            MinPerMinute = values.Number(
                nameof(RecheckModel.MinPerMinute),
                preset.MinPerMinute,
                0,
                MaxAllowedPerMinute
            ),
            MaxPerSecond = values.Number(
                nameof(RecheckModel.MaxPerSecond),
                preset.MaxPerSecond,
                1,
                MaxAllowedPerSecond
            ),
        };
    }
}
