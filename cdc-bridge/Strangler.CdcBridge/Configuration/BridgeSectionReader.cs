using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Strangler.Foundation.Http;

namespace Strangler.CdcBridge.Configuration;

/// <summary>Reads the section <c>Bridge</c>: what concerns the process and not the source.</summary>
internal static class BridgeSectionReader
{
    /// <summary>10 GB.</summary>
    public const long MaxRetainedWal = 10L << 30;

    private static readonly string[] Members = [nameof(MaxRetainedWal), "Metrics"];

    /// <returns>How many bytes of write-ahead log the slot may hold back before it is warned of.</returns>
    public static long Read(IConfiguration configuration, List<Fault> faults)
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
        return new SectionValues(section, faults).Number(
            nameof(MaxRetainedWal),
            MaxRetainedWal,
            least: 1,
            greatest: long.MaxValue
        );
    }
}
