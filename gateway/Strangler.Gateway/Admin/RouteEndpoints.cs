using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>Routes: their stages, the history of these, and changing them.</summary>
internal static class RouteEndpoints
{
    private const int MaxWhyLength = 1_000;
    private const int MaxHistory = 1_000;

    public static RouteGroupBuilder MapRoutes(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("/routes");
        group.MapGet("", List);
        group.MapGet("/{routeId}", Find);
        group.MapGet("/{routeId}/history", HistoryAsync).AddEndpointFilter<StoreFilter>();
        group.MapPost("/{routeId}/stage", ChangeAsync).AddEndpointFilter<StoreFilter>();
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
            .. routes
                .All.Select(route => (route.Model.RouteId, Why: stages.WhyPutBack(route.Model.RouteId)))
                .Where(route => route.Why is not null)
                .Select(route => $"Route '{route.RouteId}' is put back to legacy: {route.Why}"),
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
                        )),
                    ]
                )
            );
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    /// <summary>
    /// 1. Read the request. 2. Check what the new stage needs, and its gate. 3. Make the change, unless somebody else
    /// was first. 4. Make this gateway follow before it answers.
    /// </summary>
    private static async Task<IResult> ChangeAsync(
        string routeId,
        HttpRequest request,
        GatewayRoutes routes,
        StageTable stages,
        StageStore store,
        StagePoll poll,
        BoundedAnswers answers,
        StagePromotion promoting,
        GatewayModel model,
        IMoments moments,
        BuildWatch builds,
        CancellationToken cancellationToken
    )
    {
        if (routes.Find(routeId) is not { } route)
            return Unknown(routeId, routes);
        var (wanted, faults) = await ReadAsync(request, cancellationToken); // 1.
        if (wanted is null)
            return Problems.Of(StatusCodes.Status400BadRequest, [.. faults]);
        if (!await poll.RefreshAsync(cancellationToken) || stages.Current.Find(route.Model.RouteId) is not { } current)
            return Problems.StoreGone(stages.Current.Trouble ?? "the route is not in it.");
        var stage = wanted.To;
        if (current.Stage == stage)
            return Problems.Of(
                StatusCodes.Status409Conflict,
                new Fault(
                    "stage",
                    $"The route '{route.Model.RouteId}' is in stage '{stage.Text()}' already, since "
                        + $"{current.ChangedAt:u}, by '{current.Who}': {current.Why}",
                    "There is nothing to do."
                )
            );
        var traits = stage.Traits();
        if (traits.NeedsSource && model.Source is null)
            return Problems.Of(
                StatusCodes.Status409Conflict,
                new Fault(
                    "stage",
                    "The gateway does not know the source's primary, without which nothing can be compared.",
                    "Set 'Gateway:Source' to a connection string of a login without rights on tables, "
                        + "and start the gateway again."
                )
            );
        if (traits.IsCompared && moments is UnavailableMoments)
            return Problems.Of(
                StatusCodes.Status409Conflict,
                new Fault(
                    "stage",
                    "The gateway cannot ask the projections, without which nothing can be compared.",
                    "Set 'Projections:Moments' to an address of loopback, and start projections and gateway again."
                )
            );
        if (traits.UsesLookup && await NotReadyAsync(route, answers, cancellationToken) is { } notReady)
            return notReady; // 2.
        var (evidence, note, refusal) = await promoting.AskAsync(
            route,
            current.Stage,
            stage,
            wanted.Force,
            cancellationToken
        );
        if (refusal is not null)
            return refusal;
        try
        {
            if (
                !await store.TryChangeAsync(
                    route.Model.RouteId,
                    current.Version,
                    stage,
                    wanted.Who,
                    wanted.Why,
                    wanted.Force && traits.IsGated,
                    evidence,
                    cancellationToken
                )
            ) // 3.
            {
                return Problems.Of(
                    StatusCodes.Status409Conflict,
                    new Fault(
                        "stage",
                        $"Somebody else changed the stage of '{route.Model.RouteId}' at the same moment.",
                        "Look at 'strangler routes', and decide again."
                    )
                );
            }
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
        await poll.RefreshAsync(cancellationToken); // 4.
        return Ok(Report(route, stages, builds) with { Note = note });
    }

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
        if (TextFault("why", wanted?.Why, MaxWhyLength) is { } why)
            faults.Add(why);
        return (
            faults.Count == 0
                ? new WantedStage(stage, request.HttpContext.User.Identity!.Name!, wanted!.Why!.Trim(), wanted.Force)
                : null,
            faults
        );
    }

    private static Fault? TextFault(string path, string? text, int max)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Fault(path, $"The change does not say {path}.", "Give it: it is kept permanently.");
        if (text.Length > max || text.Any(char.IsControl))
            return new Fault(
                path,
                $"It is longer than {max} characters or holds control characters.",
                "Shorten it, and write it on one line."
            );
        return null;
    }

    /// <summary>The problem that prevents answering a route from its projection, if any.</summary>
    private static async Task<IResult?> NotReadyAsync(
        GatewayRoute route,
        BoundedAnswers answers,
        CancellationToken cancellationToken
    )
    {
        if (route.Model.Unloaded is { } unloaded)
            return Problems.Of(
                StatusCodes.Status409Conflict,
                new Fault(
                    "stage",
                    $"The projection '{unloaded}' of the route '{route.Model.RouteId}' is not loaded here: this "
                        + "gateway could not load the projections' assemblies.",
                    "'strangler routes' says why. Fix it, and start the gateway again."
                )
            );
        if (route.Model.Lookup is not { } lookup)
            return Problems.Of(
                StatusCodes.Status409Conflict,
                new Fault(
                    "stage",
                    $"The route '{route.Model.RouteId}' names no projection that could answer it.",
                    "Set 'Projection' and 'Key' in its 'Strangler' section, and start the gateway again."
                )
            );
        var projection = lookup.Responder.Projection.Name;
        try
        {
            if (await answers.WatermarkAsync(projection, cancellationToken) is not null)
                return null;
            return Problems.Of(
                StatusCodes.Status409Conflict,
                new Fault(
                    "stage",
                    $"The projection '{projection}' has not been built: it has no watermark.",
                    "Run 'strangler bridge' and 'strangler projections', and try again when it has."
                )
            );
        }
        catch (AnswersUnavailableException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    private static JsonHttpResult<TReport> Ok<TReport>(TReport report) => TypedResults.Json(report, AdminJson.Options);

    private static JsonHttpResult<AdminProblem> Unknown(string routeId, GatewayRoutes routes) =>
        Problems.UnknownRoute(routeId, routes.All.Select(route => route.Model.RouteId));

    private static JsonElement? Evidence(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<JsonElement>(json);

    private sealed record WantedStage(Stage To, string Who, string Why, bool Force);
}
