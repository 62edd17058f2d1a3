using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Transforms;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Removes from a request what its client must not send to legacy: the gateway's own headers, except the one with which
/// the gateway itself asks again, and the announcement of trailers, which .NET's client never sends.
/// </summary>
internal sealed class RequestHeaderFilter : RequestTransform
{
    public override ValueTask ApplyAsync(RequestTransformContext context)
    {
        var headers = context.ProxyRequest.Headers;
        headers.Remove(HeaderNames.Trailer);
        var isAgain = context.HttpContext.Features.Get<LegacyReplayFeature>() is not null;
        List<string>? own = null;
        foreach (var (name, _) in headers.NonValidated)
        {
            // the mark replaced the client's header of that name, and may have its spelling
            var isMark = isAgain && name.Equals(OwnHeaders.Shadow, StringComparison.OrdinalIgnoreCase);
            if (OwnHeaders.IsOwn(name) && !isMark)
                (own ??= []).Add(name);
        }
        foreach (var name in own ?? [])
            headers.Remove(name);
        return default;
    }
}
