using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Strangler.Evidence;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Admin;

/// <summary>Documents as the lookup sees them, and the progress of the projections.</summary>
internal static class DocumentEndpoints
{
    public static IEndpointRouteBuilder MapDocuments(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/documents/{projection}/{**key}", FindAsync).AddEndpointFilter<StoreFilter>();
        endpoints.MapGet("/watermarks", WatermarksAsync);
        return endpoints;
    }

    private static async Task<IResult> FindAsync(
        string projection,
        HttpContext context,
        Responders responders,
        BoundedAnswers answers,
        CancellationToken cancellationToken
    )
    {
        if (responders.Find(projection) is not { } responder)
            return Problems.UnknownProjection(projection, responders.Names);
        var given = Key(context);
        var (key, thrown) = KeyParser.Read(responder, given);
        if (key is null)
        {
            var why = thrown is null ? "" : $" Its key type threw {thrown.GetType().Name}: {thrown.Message}";
            return Problems.Of(
                StatusCodes.Status400BadRequest,
                new Fault("key", $"'{given}' is not a key of '{projection}'.{why}", "Correct it.")
            );
        }
        try
        {
            var lookup = await answers.FindAsync(responder.Projection, [key], cancellationToken);
            return TypedResults.Json(
                Report(responder.Projection, key, lookup.Found[0], lookup.Watermark),
                AdminJson.Options
            );
        }
        catch (AnswersUnavailableException exception)
        {
            return Problems.StoreGone(exception.Message);
        }
    }

    private static async Task<IResult> WatermarksAsync(
        Responders responders,
        BoundedAnswers answers,
        WatermarkAges ages,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var reports = new List<WatermarkReport>();
        foreach (var projection in responders.Names)
        {
            try
            {
                var watermark = await answers.WatermarkAsync(projection, cancellationToken);
                reports.Add(
                    watermark is null
                        ? new WatermarkReport(projection, null, null, null)
                        : Report(projection, watermark, ages, time)
                );
            }
            catch (AnswersUnavailableException exception)
            {
                reports.Add(new WatermarkReport(projection, null, null, exception.Message));
            }
        }
        return TypedResults.Json(
            new WatermarksReport(reports) { SourceClock = LiveEndpoints.Clock(ages) },
            AdminJson.Options
        );
    }

    private static WatermarkReport Report(string projection, Watermark watermark, WatermarkAges ages, TimeProvider time)
    {
        var age = ages.Of(watermark);
        var known = (age as WatermarkAge.Known)?.Age;
        return new WatermarkReport(projection, watermark, (known ?? time.GetUtcNow() - watermark.At).TotalSeconds, null)
        {
            AgeSeconds = known?.TotalSeconds,
            RestSeconds = ages.RestOf(watermark).TotalSeconds,
            Doubt = (age as WatermarkAge.Unknown)?.Reason.Text(),
        };
    }

    /// <summary>The key from the target as sent, since routing leaves %2F encoded and decodes the rest.</summary>
    private static string Key(HttpContext context)
    {
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?', 2)[0].Split('/', 4);
        return path.Length == 4 ? Uri.UnescapeDataString(path[3]) : "";
    }

    private static DocumentReport Report(ProjectionId projection, string key, Found found, Watermark? watermark) =>
        found switch
        {
            Found.Document document => new(
                projection.Name,
                projection.Version,
                key,
                "document",
                null,
                document.Touched,
                document.RecomputeAt,
                watermark,
                Encoding.UTF8.GetString(document.Bytes.Span)
            ),
            Found.Absent => new(projection.Name, projection.Version, key, "absent", null, null, null, watermark, null),
            Found.Miss miss => new(
                projection.Name,
                projection.Version,
                key,
                "miss",
                LookupEligibility.ReasonOf(miss.Reason).Text(),
                null,
                null,
                watermark,
                null
            )
            {
                LegacyReason = miss.LegacyReason,
            },
            _ => throw new InvalidOperationException("A finding has three cases."),
        };
}
