using System.Data.Common;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reporting;

namespace Strangler.Gateway.Admin;

/// <summary>Dismissing the fault of an example, so that the gate doesn't count it.</summary>
internal static class DismissalEndpoints
{
    private static readonly string Security = EnumText.Of(DifferenceKind.Security);
    private static readonly string Engine = EnumText.Of(WrongCause.Engine);

    public static IEndpointRouteBuilder MapDismissals(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/routes/{routeId}/dismissals", AddAsync).AddEndpointFilter<StoreFilter>();
        return endpoints;
    }

    private static async Task<IResult> AddAsync(
        string routeId,
        HttpRequest request,
        GatewayRoutes routes,
        EvidenceReports reports,
        DismissalStore store,
        CancellationToken cancellationToken
    )
    {
        if (routes.Find(routeId) is not { } route)
            return Problems.UnknownRoute(routeId, routes.All.Select(known => known.Model.RouteId));
        if (await ReadAsync(request, cancellationToken) is not { } wanted)
            return Problems.Of(
                StatusCodes.Status400BadRequest,
                new Fault(
                    "body",
                    "The body is not the JSON that is expected.",
                    """Send {"example": "…", "why": "…"}."""
                )
            );
        if (Problems.TextFault("why", wanted.Why) is { } fault)
            return Problems.Of(StatusCodes.Status400BadRequest, fault);
        try
        {
            if (await reports.ExampleAsync(wanted.Example ?? "", cancellationToken) is not { } found)
                return Problems.UnknownExample(wanted.Example ?? "");
            if (Refusal(found.Example, found.Route, route.Model.RouteId) is { } refusal)
                return Problems.Of(StatusCodes.Status409Conflict, refusal);
            var (dismissal, isNew) = await store.AddAsync(
                route.Model.RouteId,
                found.Example,
                wanted.Why!.Trim(),
                request.HttpContext.User.Identity!.Name!,
                cancellationToken
            );
            return isNew
                ? TypedResults.Json(dismissal, AdminJson.Options)
                : Problems.Of(StatusCodes.Status409Conflict, Known(dismissal));
        }
        catch (DbException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    /// <summary>What nobody can set aside, because it would let the lookup answer what must not be seen.</summary>
    private static Fault? Refusal(ExampleReport example, string of, string route)
    {
        if (!string.Equals(of, route, StringComparison.OrdinalIgnoreCase))
            return new Fault(
                "example",
                $"The example '{example.Id}' belongs to the route '{of}'.",
                "Name that route, or an example of this one."
            );
        if (example.Differences.Any(difference => difference.Kind == Security))
            return new Fault(
                "example",
                "Legacy refused this answer, and the lookup would have shown it: that can't be dismissed.",
                "Let the route say who may see its answers, or leave it in 'shadow'."
            );
        if (!FaultSignature.IsWhole(example))
            return new Fault(
                "example",
                "The answers differ in more places than an example keeps: nobody can have looked at all of them.",
                "Correct the projection, or dismiss an example that has fewer differences."
            );
        if (example.Cause == Engine)
            return new Fault(
                "example",
                "The stored document isn't what the projection makes of its rows: that can't be dismissed.",
                "It is a fault of Strangler: please report it, and rebuild the projection."
            );
        return null;
    }

    private static Fault Known(DismissalReport dismissal) =>
        new(
            "example",
            $"'{dismissal.Who}' dismissed this fault at {dismissal.At:u}, with the example '{dismissal.Example}': "
                + dismissal.Reason,
            "There is nothing to do."
        );

    /// <summary>Null: it isn't the JSON that is expected.</summary>
    private static async Task<DismissalRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.ReadFromJsonAsync<DismissalRequest>(AdminJson.Options, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
