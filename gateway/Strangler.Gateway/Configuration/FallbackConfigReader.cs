using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads <c>Strangler:Fallback</c> of a route: what it means, and all its faults.</summary>
internal static class FallbackConfigReader
{
    private const int MaxAllowedConcurrent = 1_000_000;
    private const int MaxAllowedPerSecond = 1_000_000;
    private const int MaxAllowedFailures = 10_000;
    private static readonly string[] Members =
    [
        nameof(FallbackModel.MaxConcurrent),
        nameof(FallbackModel.MaxPerSecond),
        nameof(FallbackModel.MaxFailures),
        nameof(FallbackModel.RetryAfter),
    ];

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public static FallbackModel Read(IConfigurationSection section, List<Fault> faults)
    {
        var preset = FallbackModel.Default;
        UnknownMembers.Find(section, Members, faults);
        var values = new SectionValues(section, faults);
        return new FallbackModel
        {
            MaxConcurrent = values.Number(
                nameof(FallbackModel.MaxConcurrent),
                preset.MaxConcurrent,
                1,
                MaxAllowedConcurrent
            ),
            MaxPerSecond = values.Number(
                nameof(FallbackModel.MaxPerSecond),
                preset.MaxPerSecond,
                0,
                MaxAllowedPerSecond
            ),
            MaxFailures = values.Number(nameof(FallbackModel.MaxFailures), preset.MaxFailures, 0, MaxAllowedFailures),
            RetryAfter = values.Time(
                nameof(FallbackModel.RetryAfter),
                preset.RetryAfter,
                TimeSpan.FromMilliseconds(100),
                TimeSpan.FromMinutes(1)
            ),
        };
    }
}
