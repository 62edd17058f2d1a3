using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads <see cref="BridgeSection"/>.</summary>
internal static class BridgeSectionReader
{
    private static readonly string[] Members =
    [
        nameof(BridgeSection.MaxRetainedWal),
        nameof(BridgeSection.MaxSpill),
        nameof(BridgeSection.SpillFolder),
        "Metrics",
    ];

    public static BridgeSection Read(IConfiguration configuration, List<Fault> faults)
    {
        var section = configuration.GetSection("Bridge");
        MetricsAddress.Read(configuration, section.Path, faults); // the command serves them
        faults.AddRange(
            section
                .GetChildren()
                .Where(child => !Members.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
                .Select(child => new Fault(
                    child.Path,
                    $"The member '{child.Key}' doesn't exist here.",
                    $"The members are {QuotedWords.Alternatives(Members)}."
                ))
        );
        var (values, preset) = (new SectionValues(section, faults), new BridgeSection());
        return new BridgeSection
        {
            MaxRetainedWal = values.Number(
                nameof(BridgeSection.MaxRetainedWal),
                preset.MaxRetainedWal,
                min: 1,
                max: long.MaxValue
            ),
            MaxSpill = values.Number(nameof(BridgeSection.MaxSpill), preset.MaxSpill, min: 0, max: long.MaxValue),
            SpillFolder = section[nameof(BridgeSection.SpillFolder)] is { Length: > 0 } named
                ? named
                : preset.SpillFolder,
        };
    }
}
