using System.Data.Common;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>The results of comparisons.</summary>
internal static class EvidenceEndpoints
{
    private static readonly TimeSpan ExplainLimit = TimeSpan.FromSeconds(20);

    public static IEndpointRouteBuilder MapEvidence(this IEndpointRouteBuilder endpoints)
    {
        var group = endpoints.MapGroup("").AddEndpointFilter<StoreFilter>();
        group.MapGet("/report", AllAsync);
        group.MapGet("/routes/{routeId}/report", OneAsync);
        group.MapGet("/evidence/examples/{id}", ExampleAsync);
        group.MapGet("/examples/{id}/explain", ExplainAsync);
        return endpoints;
    }

    private static Task<IResult> AllAsync(
        GatewayRoutes routes,
        EvidenceReports reports,
        CancellationToken cancellationToken
    ) => ReadAsync(reports, routes.All, cancellationToken);

    private static Task<IResult> OneAsync(
        string routeId,
        GatewayRoutes routes,
        EvidenceReports reports,
        CancellationToken cancellationToken
    ) =>
        routes.Find(routeId) is { } route
            ? ReadAsync(reports, [route], cancellationToken)
            : Task.FromResult<IResult>(Problems.UnknownRoute(routeId, routes.All.Select(known => known.Model.RouteId)));

    private static async Task<IResult> ReadAsync(
        EvidenceReports reports,
        IEnumerable<GatewayRoute> routes,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return TypedResults.Json(await reports.ReadAsync(routes, cancellationToken), AdminJson.Options);
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    private static async Task<IResult> ExampleAsync(
        string id,
        EvidenceReports reports,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await reports.ExampleAsync(id, cancellationToken) is { } found
                ? TypedResults.Json(found.Example, AdminJson.Options)
                : Problems.UnknownExample(id);
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    private static async Task<IResult> ExplainAsync(
        string id,
        EvidenceReports reports,
        GatewayRoutes routes,
        RespondWorkers workers,
        TimeProvider time,
        IMoments moments,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(ExplainLimit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            if (await reports.ExampleAsync(id, linked.Token) is not { } found)
                return Problems.UnknownExample(id);
            if (routes.Find(found.Route) is not { } route)
                return Problems.UnknownRoute(found.Route, routes.All.Select(known => known.Model.RouteId));
            return TypedResults.Json(
                await new ExampleExplainer(workers).ExplainAsync(found.Example, route.Model, moments, linked.Token),
                AdminJson.Options
            );
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
        catch (MomentsUnavailableException exception)
        {
            return ProjectionsGone(exception.Message);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            return ProjectionsGone($"they did not answer within {ExplainLimit.TotalSeconds:0} s.");
        }
    }

    private static JsonHttpResult<AdminProblem> ProjectionsGone(string what) =>
        Problems.Of(
            StatusCodes.Status503ServiceUnavailable,
            new Fault(
                "projections",
                $"The projections do not answer: {what}",
                "Check whether 'strangler projections' runs, and try again."
            )
        );
}
