using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Takes from legacy's answer what would be untrue at its client: headers of the gateway's own name, where the
/// gateway writes such, and the announcement of trailers that a client of HTTP/1.1 does not get.
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
            // what legacy sent was appended to what stood there
            if (!OwnHeaders.IsOwn(name))
                continue;
            var all = headers[name];
            headers[name] = all.ToArray()[..Math.Max(0, all.Count - values.Count)];
        }
        return default;
    }
}
