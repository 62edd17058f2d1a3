using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Configuration;

namespace Strangler.Gateway.Admin;

/// <summary>The admin API's refusals, as sentences.</summary>
internal static class Problems
{
    private const int MaxTextLength = 1_000;

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

    public static JsonHttpResult<AdminProblem> UnknownExample(string id) =>
        Of(
            StatusCodes.Status404NotFound,
            new Fault(
                "example",
                $"The example '{id}' doesn't exist, or is no longer kept.",
                "'strangler report' shows the examples that are kept."
            )
        );

    /// <summary>What is wrong with a text that is kept permanently. Null if nothing is.</summary>
    public static Fault? TextFault(string path, string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
            return new Fault(path, $"The change does not say {path}.", "Give it: it is kept permanently.");
        if (text.Length > MaxTextLength || text.Any(char.IsControl))
            return new Fault(
                path,
                $"It is longer than {MaxTextLength} characters or holds control characters.",
                "Shorten it, and write it on one line."
            );
        return null;
    }

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
