using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Removes from legacy's answer what would be wrong for its client: headers with the gateway's own names, if the
/// gateway writes them, and the announcement of trailers, which an HTTP/1.1 client doesn't get.
/// </summary>
internal sealed class AnswerHeaderFilter(bool writesOwn) : ResponseTransform
{
    public override ValueTask ApplyAsync(ResponseTransformContext context)
    {
        var headers = context.HttpContext.Response.Headers;
        var hasTrailers = context.HttpContext.Features.Get<IHttpResponseTrailersFeature>() is not null;
        if (!hasTrailers && headers.ContainsKey(HeaderNames.Trailer))
            headers.Remove(HeaderNames.Trailer);
        if (!writesOwn || !context.HeadersCopied || context.ProxyResponse is not { } answer)
            return default;
        foreach (var (name, values) in answer.Headers.NonValidated)
        {
            // legacy's values were appended to existing ones
            if (!OwnHeaders.IsOwn(name))
                continue;
            var all = headers[name];
            headers[name] = all.ToArray()[..Math.Max(0, all.Count - values.Count)];
        }
        return default;
    }
}
