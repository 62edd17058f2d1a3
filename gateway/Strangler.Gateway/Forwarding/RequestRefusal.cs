using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway.Forwarding;

/// <summary>Why the gateway itself answers a request with 400, without forwarding it.</summary>
/// <param name="Reason">The reason in metrics.</param>
/// <param name="Sentence">The text for the client.</param>
internal sealed record RequestRefusal(string Reason, string Sentence)
{
    public static readonly RequestRefusal AmbiguousPath = new(
        "ambiguous-path",
        "its path can be read in more than one way, and one of them is a path that needs authorization. "
            + "Write the path without encoded slashes, dot segments and parameters."
    );

    public static readonly RequestRefusal ClimbingPath = new(
        "climbing-path",
        "its path has dot segments that might lead out of the part of the service that is open here. "
            + "Write the path without them."
    );

    public static readonly RequestRefusal MovedDotSegments = new(
        "moved-dot-segments",
        "its path has dot segments, and it is sent on as another path, where they might lead elsewhere. "
            + "Write the path without them."
    );

    public async Task AnswerAsync(HttpContext context, string routeId, GatewayMetrics metrics)
    {
        metrics.Refused(routeId, Reason);
        context.Features.Set(this);
        var response = context.Response;
        response.Headers.Remove(OwnHeaders.Answer);
        response.StatusCode = StatusCodes.Status400BadRequest;
        response.ContentType = "text/plain; charset=utf-8";
        var body = System.Text.Encoding.UTF8.GetBytes($"The gateway refused this request: {Sentence}\n");
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(body, context.RequestAborted);
    }
}
