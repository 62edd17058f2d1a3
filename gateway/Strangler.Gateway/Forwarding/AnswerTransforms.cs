using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Projections;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Applies the response transforms of a route to an answer of the lookup, as YARP does to legacy's, so that they apply
/// to every answer.
/// </summary>
internal static class AnswerTransforms
{
    /// <summary>Writes status and headers of an answer. False if a transform suppresses the body.</summary>
    public static async ValueTask<bool> WriteHeadAsync(
        HttpContext context,
        RouteModel route,
        HttpResponseMessage answer
    )
    {
        context.Response.StatusCode = (int)answer.StatusCode;
        return await route.Transformer.TransformResponseAsync(context, answer, context.RequestAborted);
    }

    /// <summary>An answer in the form that YARP's transforms take.</summary>
    public static HttpResponseMessage MessageOf(Answer answer)
    {
        var message = new HttpResponseMessage((HttpStatusCode)answer.Status)
        {
            Content = new ReadOnlyMemoryContent(answer.Body),
        };
        foreach (var (name, value) in answer.Headers)
        {
            if (message.Headers.TryAddWithoutValidation(name, value))
                continue;
            message.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }
}
