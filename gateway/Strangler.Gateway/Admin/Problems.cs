using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Admin;

/// <summary>The admin API's refusals, as sentences.</summary>
internal static class Problems
{
    public static JsonHttpResult<AdminProblem> Of(int status, params Fault[] faults) =>
        TypedResults.Json(new AdminProblem(status, faults), AdminJson.Options, AdminJson.ProblemType, status);

    public static JsonHttpResult<AdminProblem> UnknownRoute(string route, IEnumerable<string> known) =>
        Of(
            StatusCodes.Status404NotFound,
            new Fault(
                "route",
                $"No route '{route}' with a 'Strangler' section exists.",
                known.Any() ? $"The routes are {Sentence.List(known)}." : "No route has such a section."
            )
        );

    public static JsonHttpResult<AdminProblem> UnknownProjection(string projection, IEnumerable<string> known) =>
        Of(
            StatusCodes.Status404NotFound,
            new Fault(
                "projection",
                $"The projection '{projection}' doesn't exist here.",
                known.Any() ? $"The projections are {Sentence.List(known)}." : "No projection has been loaded."
            )
        );

    public static Fault UnknownStage(string? stage) =>
        new(
            "stage",
            stage is null ? "The request names no stage." : $"'{stage}' is not a stage.",
            $"The stages are {StageText.All}."
        );

    public static JsonHttpResult<AdminProblem> StoreGone(string what) =>
        Of(
            StatusCodes.Status503ServiceUnavailable,
            new Fault(
                "Store",
                $"The store does not answer: {what}",
                "The routes continue in their stages; try again when it is back."
            )
        );
}
