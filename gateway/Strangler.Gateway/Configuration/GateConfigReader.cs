using System.Globalization;
using Microsoft.Extensions.Configuration;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:Gate</c> of a route: what its evidence must show, or all its faults.</summary>
internal sealed class GateConfigReader(IConfigurationSection section, List<Fault> faults)
{
    private const long MaxNumber = 1_000_000_000;
    private static readonly string[] Members =
    [
        nameof(GateRules.MinMatches),
        nameof(GateRules.MinKeys),
        nameof(GateRules.MaxUnproven),
        nameof(GateRules.MaxLost),
        nameof(GateRules.MaxMismatchRate),
    ];

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public GateRules Read()
    {
        var preset = GateRules.Default;
        UnknownMembers.Find(section, Members, faults);
        return new GateRules
        {
            MinMatches = Number(nameof(GateRules.MinMatches), preset.MinMatches),
            MinKeys = Number(nameof(GateRules.MinKeys), preset.MinKeys),
            MaxUnproven = Share(nameof(GateRules.MaxUnproven)) ?? preset.MaxUnproven,
            MaxLost = Share(nameof(GateRules.MaxLost)) ?? preset.MaxLost,
            MaxMismatchRate = Share(nameof(GateRules.MaxMismatchRate)) ?? preset.MaxMismatchRate,
        };
    }

    private long Number(string member, long preset)
    {
        if (section[member] is not { } text)
            return preset;
        if (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
            && value is >= 1 and <= MaxNumber
        )
            return value;
        faults.Add(
            new Fault(
                $"{section.Path}:{member}",
                $"'{text}' is not a whole number from 1 to {MaxNumber}.",
                $"Correct it, or leave it out for {preset}."
            )
        );
        return preset;
    }

    private double? Share(string member)
    {
        if (section[member] is not { } text)
            return null;
        if (
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value is >= 0 and <= 1
        )
            return value;
        faults.Add(
            new Fault(
                $"{section.Path}:{member}",
                $"'{text}' is not a share from 0 to 1.",
                "Write it with a point, such as 0.01 for one in a hundred, or leave it out."
            )
        );
        return null;
    }
}
