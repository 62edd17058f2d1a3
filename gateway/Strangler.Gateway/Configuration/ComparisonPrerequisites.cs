using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;

namespace Strangler.Gateway.Configuration;

/// <summary>
/// What comparing requires in addition to a route's own section. Without it every verdict would be undetermined, so it
/// is reported before anybody waits for one.
/// </summary>
internal static class ComparisonPrerequisites
{
    private const string Moments = "Projections:Moments";
    private const string Retention = "Projections:HistoryRetention";

    /// <param name="configuration">The whole configuration.</param>
    /// <param name="gateway">Its section <c>Gateway</c>.</param>
    /// <param name="compared">Routes that begin in shadow or say how they are compared.</param>
    /// <param name="answered">Routes that name a projection, which may be taken to shadow if a source is set.</param>
    /// <param name="faults">Where faults are added.</param>
    public static void FindMissing(
        IConfiguration configuration,
        IConfigurationSection gateway,
        IReadOnlyList<string> compared,
        IReadOnlyList<string> answered,
        List<Fault> faults
    )
    {
        var source = gateway[SourceConfigReader.Member] is { Length: > 0 };
        if (compared.Count > 0 && !source)
        {
            faults.Add(
                new Fault(
                    $"{gateway.Path}:{SourceConfigReader.Member}",
                    $"The route {Sentence.List(compared)} can be compared, "
                        + "and the gateway does not know the source's primary.",
                    "Set it to a connection string of a login without rights on tables, or leave 'Shadow' and "
                        + "'Recheck' out and begin in 'legacy'."
                )
            );
        }
        var could = source ? answered : compared;
        if (could.Count > 0 && configuration[Moments] is not { Length: > 0 })
        {
            faults.Add(
                new Fault(
                    Moments,
                    $"The route {Sentence.List(could)} can be compared, but no address of the projections is set: "
                        + "every verdict would be 'undetermined' because of 'unavailable'.",
                    "Set it to an address of loopback, such as 'http://127.0.0.1:8082', or leave 'Shadow', 'Recheck' "
                        + $"and '{gateway.Path}:{SourceConfigReader.Member}' out and begin in 'legacy'."
                )
            );
        }
    }

    /// <summary>
    /// A bracket begins as far back as legacy's answers may be old, and history must be kept that far back.
    /// </summary>
    public static void FindForgotten(
        IConfiguration configuration,
        StranglerRouteConfig route,
        ShadowModel shadow,
        List<Fault> faults
    )
    {
        if (!SectionValues.TryParseTime(configuration[Retention], out var kept) || shadow.LegacyStaleness < kept)
            return;
        faults.Add(
            new Fault(
                $"{route.Shadow.Path}:{nameof(shadow.LegacyStaleness)}",
                $"Brackets begin {shadow.LegacyStaleness:c} back, and the projections keep {kept:c} of history: "
                    + "every verdict would be 'undetermined' because of 'before-history'.",
                $"Raise '{Retention}' well above it, or leave that out for a day."
            )
        );
    }
}
