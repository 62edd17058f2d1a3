using Microsoft.Extensions.Configuration;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:Gate</c> of a route: what its evidence must show, or all its faults.</summary>
internal sealed class GateConfigReader(IConfigurationSection section, List<Fault> faults)
{
    private const long MaxNumber = 1_000_000_000;
    private static readonly TimeSpan MaxTime = TimeSpan.FromDays(365);
    private static readonly string[] Members =
    [
        nameof(GateRules.MinMatches),
        nameof(GateRules.MinKeys),
        nameof(GateRules.MaxUnproven),
        nameof(GateRules.MaxLost),
        nameof(GateRules.MaxMismatchRate),
        nameof(GateRules.MinCoverage),
        nameof(GateRules.MaxUnseen),
        nameof(GateRules.MaxUnclear),
        nameof(GateRules.MinTime),
        nameof(GateRules.MaxLag),
    ];

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public GateRules Read()
    {
        var preset = GateRules.Default;
        UnknownMembers.Find(section, Members, faults);
        var values = new SectionValues(section, faults);
        return new GateRules
        {
            MinMatches = values.Number(nameof(GateRules.MinMatches), preset.MinMatches, 1, MaxNumber),
            MinKeys = values.Number(nameof(GateRules.MinKeys), preset.MinKeys, 1, MaxNumber),
            MaxUnproven = values.Share(nameof(GateRules.MaxUnproven)) ?? preset.MaxUnproven,
            MaxLost = values.Share(nameof(GateRules.MaxLost)) ?? preset.MaxLost,
            MaxMismatchRate = values.Share(nameof(GateRules.MaxMismatchRate)) ?? preset.MaxMismatchRate,
            MinCoverage = values.Share(nameof(GateRules.MinCoverage)) ?? preset.MinCoverage,
            MaxUnseen = values.Share(nameof(GateRules.MaxUnseen)) ?? preset.MaxUnseen,
            MaxUnclear = values.Share(nameof(GateRules.MaxUnclear)) ?? preset.MaxUnclear,
            MinTime = values.Time(nameof(GateRules.MinTime), preset.MinTime, TimeSpan.Zero, MaxTime),
            MaxLag = values.Time(nameof(GateRules.MaxLag), preset.MaxLag, TimeSpan.FromMilliseconds(1), MaxTime),
        };
    }
}
