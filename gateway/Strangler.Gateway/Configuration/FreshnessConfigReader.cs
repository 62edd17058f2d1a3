using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads what a route's section promises about the age of answers, and all its faults.</summary>
internal static class FreshnessConfigReader
{
    public const string ModeMember = "Freshness";
    public const string TimeoutMember = "FreshnessTimeout";
    private const string Bounded = "bounded";
    private const string Strict = "strict";
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromMinutes(1);

    /// <summary>The section's meaning. If it has a fault, only part of it.</summary>
    public static FreshnessModel Read(IConfigurationSection section, List<Fault> faults)
    {
        var timeout = new SectionValues(section, faults).Time(
            TimeoutMember,
            FreshnessModel.Default.Timeout,
            TimeSpan.FromMilliseconds(1),
            MaxTimeout
        );
        return new FreshnessModel(Mode(section, faults), timeout);
    }

    /// <summary>A route whose reads join looks at the source, which the gateway must know.</summary>
    /// <param name="gateway">The section <c>Gateway</c>.</param>
    /// <param name="route">The route's section.</param>
    /// <param name="faults">Where faults are added.</param>
    public static void FindMissingSource(IConfigurationSection gateway, IConfigurationSection route, List<Fault> faults)
    {
        if (route[ModeMember] is null or Bounded || gateway[SourceConfigReader.Member] is { Length: > 0 })
            return;
        faults.Add(
            new Fault(
                $"{route.Path}:{ModeMember}",
                "Each request waits for a look at the source's primary, which the gateway does not know.",
                $"Set '{gateway.Path}:{SourceConfigReader.Member}' to a connection string of a login without rights on "
                    + $"tables, or write '{Bounded}', which is the default."
            )
        );
    }

    private static FreshnessMode Mode(IConfigurationSection section, List<Fault> faults)
    {
        switch (section[ModeMember])
        {
            case null or Bounded:
                return FreshnessMode.Bounded;
            case Strict:
                return FreshnessMode.Strict;
            case var other:
                faults.Add(
                    new Fault(
                        $"{section.Path}:{ModeMember}",
                        $"'{other}' is not a promise about the age of answers.",
                        $"Write '{Strict}', or '{Bounded}', which is the default."
                    )
                );
                return FreshnessMode.Bounded;
        }
    }
}
