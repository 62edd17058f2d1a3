using Microsoft.Extensions.Configuration;
using Strangler.Foundation.Configuration;
using Strangler.Foundation.Faults;
using Yarp.ReverseProxy.Configuration;

namespace Strangler.Gateway.Configuration;

/// <summary>Reads what a route's section promises about the age of answers, and all its faults.</summary>
internal static class FreshnessConfigReader
{
    public const string ModeMember = "Freshness";
    public const string TimeoutMember = "FreshnessTimeout";
    private const string Bounded = "bounded";
    private const string Session = "session";
    private const string Strict = "strict";

    /// <summary>Routes without a section whose writes sessions see.</summary>
    public const string WritesMember = "SessionWrites";

    /// <summary>Tokens live as long as documents may be old, and keys are kept as long as tokens live.</summary>
    private static readonly TimeSpan MaxSessionStaleness = TimeSpan.FromHours(12);
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
                "It needs looks at the source's primary, which the gateway does not know.",
                $"Set '{gateway.Path}:{SourceConfigReader.Member}' to a connection string of a login without rights on "
                    + $"tables, or write '{Bounded}', which is the default."
            )
        );
    }

    /// <summary>A token can't live longer than the keys that sign it.</summary>
    public static void FindTooStale(
        IConfigurationSection route,
        FreshnessModel freshness,
        TimeSpan maxStaleness,
        List<Fault> faults
    )
    {
        if (freshness.Mode != FreshnessMode.Session || maxStaleness <= MaxSessionStaleness)
            return;
        faults.Add(
            new Fault(
                $"{route.Path}:{nameof(StranglerRouteConfig.MaxStaleness)}",
                $"It is longer than {MaxSessionStaleness.TotalHours:0} hours, which is how long it is known what a "
                    + "caller has seen.",
                $"Make it shorter, or leave '{ModeMember}: {Session}' out."
            )
        );
    }

    /// <summary>The plain routes whose writes sessions see.</summary>
    /// <param name="gateway">The section <c>Gateway</c>.</param>
    /// <param name="routes">The routes of YARP. Empty if they aren't known.</param>
    /// <param name="faults">Where faults are added.</param>
    public static SessionWriteRoutes Writes(
        IConfigurationSection gateway,
        IReadOnlyList<RouteConfig> routes,
        List<Fault> faults
    )
    {
        var section = gateway.GetSection(WritesMember);
        if (section.Value is { Length: > 0 })
            Add("It is a text where a list is needed.", "Write it in brackets: [\"name\"].");
        var names = section.GetChildren().Select(one => one.Value ?? "").ToList();
        foreach (var name in names.Where(name => routes.Count > 0 && name != SessionWriteRoutes.All))
        {
            if (!routes.Any(route => string.Equals(route.RouteId, name, StringComparison.OrdinalIgnoreCase)))
                Add(
                    $"The route '{name}' does not exist.",
                    $"Name routes of YARP, or '{SessionWriteRoutes.All}' for all."
                );
        }
        return SessionWriteRoutes.Of(names);

        void Add(string problem, string wayOut) => faults.Add(new Fault(section.Path, problem, wayOut));
    }

    /// <summary>
    /// Plain routes that take writes, if a route shows callers what they have written, and it isn't said whether it
    /// shows those.
    /// </summary>
    /// <param name="gateway">The section <c>Gateway</c>.</param>
    /// <param name="routes">The section with YARP's routes.</param>
    /// <param name="sectionOf">The name of the section of a route.</param>
    public static Fault? FindUnseenWrites(IConfigurationSection gateway, IConfigurationSection routes, string sectionOf)
    {
        var all = routes.GetChildren().ToList();
        if (
            gateway.GetSection(WritesMember).Exists()
            || !all.Exists(route => route[$"{sectionOf}:{ModeMember}"] == Session)
        )
            return null;
        var plain = all.Where(route => !route.GetSection(sectionOf).Exists() && TakesWrites(route))
            .Select(route => route.Key)
            .ToList();
        return plain.Count == 0
            ? null
            : new Fault(
                $"{gateway.Path}:{WritesMember}",
                $"A route promises callers to see their own writes, and those through {Sentence.List(plain)} are not "
                    + "among them.",
                $"Name the routes whose writes it shows, or '{SessionWriteRoutes.All}' for all of them; or name none "
                    + "in an empty list."
            );
    }

    private static bool TakesWrites(IConfigurationSection route)
    {
        var methods = route.GetSection("Match:Methods").GetChildren().Select(method => method.Value ?? "").ToList();
        return methods.Count == 0
            || methods.Exists(method => method.ToUpperInvariant() is not ("GET" or "HEAD" or "OPTIONS" or "TRACE"));
    }

    private static FreshnessMode Mode(IConfigurationSection section, List<Fault> faults)
    {
        switch (section[ModeMember])
        {
            case null or Bounded:
                return FreshnessMode.Bounded;
            case Session:
                return FreshnessMode.Session;
            case Strict:
                return FreshnessMode.Strict;
            case var other:
                faults.Add(
                    new Fault(
                        $"{section.Path}:{ModeMember}",
                        $"'{other}' is not a promise about the age of answers.",
                        $"Write '{Session}' or '{Strict}', or '{Bounded}', which is the default."
                    )
                );
                return FreshnessMode.Bounded;
        }
    }
}
