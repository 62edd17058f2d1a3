using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Promoting;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Admin;

/// <summary>Routes: their stages, the history of these, and changing them.</summary>
internal static class RouteEndpoints
{
    private const int MaxHistory = 1_000;

    public static RouteGroupBuilder MapRoutes(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/routes");
        group.MapGet("", List);
        group.MapGet("/{routeId}", Find);
        group.MapGet("/{routeId}/history", HistoryAsync).AddEndpointFilter<StoreFilter>();
        group.MapPost("/{routeId}/stage", ChangeAsync).AddEndpointFilter<StoreFilter>();
        group.MapPost("/{routeId}/unfreeze", UnfreezeAsync).AddEndpointFilter<StoreFilter>();
        return group;
    }

    /// <summary>What is wrong with this gateway, and which of its routes a gateway put back.</summary>
    internal static IReadOnlyList<string> Faults(
        GatewayRoutes routes,
        StageTable stages,
        PartStates parts,
        ReloadState reload
    ) =>
        [
            .. parts.GatewayFaults,
            .. reload.Sentences,
            .. stages.FileTrouble is { } trouble ? [trouble] : (string[])[],
            .. routes
                .All.Select(route => (route.Model.RouteId, Why: stages.WhyPutBack(route.Model.RouteId)))
                .Where(route => route.Why is not null)
                .Select(route => $"Route '{route.RouteId}' is put back to legacy: {route.Why}"),
            .. routes
                .All.Where(route => route.Fallback.IsCircuitOpen && route.StageIn(stages).Traits().LookupAnswers)
                .Select(route =>
                    $"Legacy fails the requests of route '{route.Model.RouteId}' that the lookup can't answer, so "
                    + "they get 503. One at a time is tried."
                ),
        ];

    private static RouteReport Report(GatewayRoute route, StageTable stages, BuildWatch builds)
    {
        var (model, stats, stored) = (route.Model, route.Stats, stages.Current.Find(route.Model.RouteId));
        return new RouteReport(
            model.RouteId,
            model.Path,
            model.Lookup?.Responder.Projection.Name,
            route.StageIn(stages).Text(),
            stored?.Stage.Text(),
            model.Begin.Text(),
            stored?.Version,
            stored?.ChangedAt,
            stored?.Who,
            stored?.Why,
            stats.Lookup.Count,
            stats.Legacy.Count,
            stats.Refused,
            stats.Reasons()
        )
        {
            Guard = stats.Guard,
            ProjectionTroubles = builds.TroublesOf(model.Lookup?.Responder.Projection.Name),
        };
    }

    private static JsonHttpResult<RoutesReport> List(
        GatewayRoutes routes,
        StageTable stages,
        BuildWatch builds,
        PartStates parts,
        ReloadState reload
    ) =>
        Ok(
            new RoutesReport([.. routes.All.Select(route => Report(route, stages, builds))], stages.Current.Trouble)
            {
                Parts = parts.Parts,
                GatewayFaults = Faults(routes, stages, parts, reload),
            }
        );

    private static IResult Find(string routeId, GatewayRoutes routes, StageTable stages, BuildWatch builds) =>
        routes.Find(routeId) is { } route ? Ok(Report(route, stages, builds)) : Unknown(routeId, routes);

    private static async Task<IResult> HistoryAsync(
        string routeId,
        GatewayRoutes routes,
        StageStore store,
        CancellationToken cancellationToken
    )
    {
        if (routes.Find(routeId) is not { } route)
            return Unknown(routeId, routes);
        try
        {
            var changes = await store.HistoryAsync(route.Model.RouteId, MaxHistory, cancellationToken);
            return Ok(
                new HistoryReport(
                    route.Model.RouteId,
                    [
                        .. changes.Select(change => new StageChangeReport(
                            change.Version,
                            change.From?.Text(),
                            change.To.Text(),
                            change.ChangedAt,
                            change.Who,
                            change.Why,
                            change.Forced,
                            Evidence(change.Evidence)
                        )
                        {
                            Guard = change.Guard,
                            Frozen = change.IsFrozen,
                        }),
                    ]
                )
            );
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    private static async Task<IResult> ChangeAsync(
        string routeId,
        HttpRequest request,
        GatewayRoutes routes,
        StageTable stages,
        StageChanger changer,
        BuildWatch builds,
        CancellationToken cancellationToken
    )
    {
        if (routes.Find(routeId) is not { } route)
            return Unknown(routeId, routes);
        var (wanted, faults) = await ReadAsync(request, cancellationToken);
        if (wanted is null)
            return Problems.Of(StatusCodes.Status400BadRequest, [.. faults]);
        return Answer(await changer.ChangeAsync(route, wanted, cancellationToken), route, stages, builds);
    }

    private static async Task<IResult> UnfreezeAsync(
        string routeId,
        HttpRequest request,
        GatewayRoutes routes,
        StageTable stages,
        StageChanger changer,
        BuildWatch builds,
        CancellationToken cancellationToken
    )
    {
        if (routes.Find(routeId) is not { } route)
            return Unknown(routeId, routes);
        UnfreezeRequest? wanted;
        try
        {
            wanted = await request.ReadFromJsonAsync<UnfreezeRequest>(AdminJson.Options, cancellationToken);
        }
        catch (JsonException)
        {
            wanted = null;
        }
        if (Problems.TextFault("why", wanted?.Why) is { } fault)
            return Problems.Of(StatusCodes.Status400BadRequest, fault);
        var who = request.HttpContext.User.Identity!.Name!;
        var outcome = await changer.UnfreezeAsync(route, who, wanted!.Why!.Trim(), cancellationToken);
        return Answer(outcome, route, stages, builds);
    }

    private static IResult Answer(
        StageChangeOutcome outcome,
        GatewayRoute route,
        StageTable stages,
        BuildWatch builds
    ) =>
        outcome switch
        {
            StageChangeOutcome.Changed changed => Ok(Report(route, stages, builds) with { Note = changed.Note }),
            StageChangeOutcome.Refused refused => Problems.Of(StatusCodes.Status409Conflict, [.. refused.Faults]),
            StageChangeOutcome.StoreGone gone => Problems.StoreGone(gone.What),
            _ => throw new InvalidOperationException("A change of stage has three outcomes."),
        };

    private static async Task<(WantedStage? Wanted, IReadOnlyList<Fault> Faults)> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        StageRequest? wanted;
        try
        {
            wanted = await request.ReadFromJsonAsync<StageRequest>(AdminJson.Options, cancellationToken);
        }
        catch (JsonException)
        {
            return (
                null,
                [
                    new Fault(
                        "body",
                        "The body is not the JSON that is expected.",
                        """Send {"stage": "lookup", "why": "…"}."""
                    ),
                ]
            );
        }
        var faults = new List<Fault>();
        if (!StageText.TryParse(wanted?.Stage, out var stage))
            faults.Add(Problems.UnknownStage(wanted?.Stage));
        if (Problems.TextFault("why", wanted?.Why) is { } why)
            faults.Add(why);
        return (
            faults.Count == 0
                ? new WantedStage(stage, request.HttpContext.User.Identity!.Name!, wanted!.Why!.Trim(), wanted.Force)
                : null,
            faults
        );
    }

    private static JsonHttpResult<TReport> Ok<TReport>(TReport report) => TypedResults.Json(report, AdminJson.Options);

    private static JsonHttpResult<AdminProblem> Unknown(string routeId, GatewayRoutes routes) =>
        Problems.UnknownRoute(routeId, routes.All.Select(route => route.Model.RouteId));

    private static JsonElement? Evidence(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);
}
