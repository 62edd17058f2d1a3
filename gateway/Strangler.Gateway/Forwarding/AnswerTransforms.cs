using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Projections;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Applies the response transforms of a route to an answer that the lookup gives, as YARP does to legacy's: they hold
/// whoever answers.
/// </summary>
internal static class AnswerTransforms
{
    /// <summary>Writes status and headers of an answer. False: a transform wants its body left out.</summary>
    public static async ValueTask<bool> WriteHeadAsync(
        HttpContext context,
        RouteModel route,
        HttpResponseMessage answer
    )
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        return await route.Transformer.TransformResponseAsync(context, answer, context.RequestAborted);
    }

    /// <summary>An answer as YARP's transforms take it; the body is not in it.</summary>
    public static HttpResponseMessage MessageOf(Answer answer)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.Status) { Content = new ByteArrayContent([]) };
        foreach (var (name, value) in answer.Headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, value))
                continue;
            message.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }
}
