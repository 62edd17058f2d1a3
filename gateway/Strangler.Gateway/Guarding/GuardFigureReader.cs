using Strangler.Evidence.Guards;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Telemetry;
using Strangler.Projections;

namespace Strangler.Gateway.Guarding;

/// <summary>Reads what is known of a route that the lookup answers. It asks nobody: everything is in memory.</summary>
internal sealed class GuardFigureReader(
    WatermarkPoll watermarks,
    WatermarkAges ages,
    BuildWatch builds,
    IMoments moments,
    GatewayModel gateway,
    TimeProvider time
)
{
    /// <summary>Whether answers of a route can be compared.</summary>
    public bool CanCompare => gateway.Source is not null && moments is not UnavailableMoments;

    /// <summary>The parts that were wrong with the current projection and rules, and aren't dismissed.</summary>
    public static IReadOnlyList<WrongPart> Wrong(GatewayRoute route, WatchedRoute watched)
    {
        var scope = EvidenceReports.ScopeOf(route);
        return
        [
            .. route
                .Stats.Guarded.Wrong(watched.Since)
                .Where(part => part.Scope == scope && !watched.Dismissed.Contains(part.Fault)),
        ];
    }

    public GuardFigures Read(GatewayRoute route, WatchedRoute watched)
    {
        var (rules, stats) = (route.Model.Guards, route.Stats);
        var counts = stats.Guarded;
        var watermark = route.Model.Lookup is { } lookup ? watermarks.LastOf(lookup.Responder.Projection.Name) : null;
        var own = rules.MaxSlowdown is null ? null : counts.Legacy.Read();
        var recent = rules.MaxSlowdown is null ? null : stats.Lookup.Read();
        return new GuardFigures
        {
            IsCompared = CanCompare && route.Model.Recheck.Share > 0,
            SinceCompared = time.GetElapsedTime(Math.Max(counts.Compared, watched.FoundAt)),
            Wrong = Wrong(route, watched).Count,
            Right = counts.Matches(watched.Since),
            Windows = counts.Requests(watched.Since),
            LegacyAnswers = counts.Legacy.Count,
            LegacyErrors = counts.LegacyErrors,
            LegacyP99 = own?.P99,
            LookupP99 = recent?.RecentP99,
            LookupAnswers = (long)((recent?.PerSecond ?? 0) * SideStats.Window),
            Lag = watermark is not null && ages.Of(watermark) is WatermarkAge.Known(var age) ? age : null,
            Stuck = Stuck(route, watched, watermark),
        };
    }

    /// <summary>How long the watermark hasn't moved, or the projection can't be served, whichever is longer.</summary>
    private TimeSpan? Stuck(GatewayRoute route, WatchedRoute watched, Watermark? watermark)
    {
        var isInTrouble = builds.TroublesOf(route.Model.Lookup?.Responder.Projection.Name).Count > 0;
        watched.TroubleSince = isInTrouble ? watched.TroubleSince ?? time.GetTimestamp() : null;
        var trouble = watched.TroubleSince is { } since ? time.GetElapsedTime(since) : TimeSpan.Zero;
        if (watermark is null)
            return isInTrouble ? trouble : null;
        var rest = ages.RestOf(watermark);
        return rest > trouble ? rest : trouble;
    }
}
