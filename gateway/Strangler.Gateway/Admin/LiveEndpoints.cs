using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Admin;

/// <summary>Live figures and health.</summary>
internal static class LiveEndpoints
{
    public static IEndpointRouteBuilder MapLive(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/stats", Stats);
        endpoints.MapGet("/health", Health);
        return endpoints;
    }

    internal static ClockReport? Clock(WatermarkAges ages) =>
        ages.Offset is { } offset
            ? new ClockReport(offset.Ahead.TotalSeconds, offset.Error.TotalSeconds, offset.Sentence)
            : null;

    private static JsonHttpResult<StatsReport> Stats(GatewayRoutes routes, StageTable stages) =>
        TypedResults.Json(
            new StatsReport([
                .. routes.All.Select(route => new RouteStatsReport(
                    route.Model.RouteId,
                    route.StageIn(stages).Text(),
                    route.Stats.Lookup.Read(),
                    route.Stats.Legacy.Read(),
                    route.Stats.Refused,
                    route.Stats.Reasons(),
                    route.Stats.Shadow.Read()
                )
                {
                    RefusedBy = route.Stats.RefusedBy().ToDictionary(pair => EnumText.Of(pair.Key), pair => pair.Value),
                    AskLegacy = route.Stats.AskLegacy.Read().ToDictionary(),
                    Recheck = route.Stats.Recheck.Read(),
                    Guard = route.Stats.Guard,
                    Freshness = route.Stats.Freshness.Read(),
                    Held = route.Stats.Held.Read(),
                }),
            ]),
            AdminJson.Options
        );

    private static GuardHealth? GuardOf(GatewayRoute route) =>
        route.Stats.Guard is { } guard ? new GuardHealth(route.Model.RouteId, guard.State) : null;

    private static JsonHttpResult<HealthReport> Health(
        GatewayRoutes routes,
        ClaimsPrincipal caller,
        StageTable stages,
        SourcePoll source,
        StoreCircuit circuit,
        WatermarkAges ages,
        BuildWatch builds,
        PartStates parts,
        ReloadState reload
    )
    {
        var report = new HealthReport("serving", stages.Current.Trouble, source.Trouble)
        {
            LookupTrouble = circuit.Trouble,
            SourceClock = Clock(ages),
            Parts = parts.Parts,
            Guards = [.. routes.All.Select(GuardOf).OfType<GuardHealth>()],
            GatewayFaults = RouteEndpoints.Faults(routes, stages, parts, reload),
            Projections =
            [
                .. builds
                    .Responders.Select(responder => responder.Projection.Name)
                    .Select(name => new ProjectionHealth(name, builds.TroublesOf(name))),
            ],
        };
        return TypedResults.Json(
            caller.Identity?.IsAuthenticated is true ? report : report.WithoutDetails(),
            AdminJson.Options
        );
    }
}
