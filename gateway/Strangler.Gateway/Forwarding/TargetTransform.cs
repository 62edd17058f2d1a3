using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Transforms;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Asks legacy for the target that the client wrote. What other transforms have made of path and query is kept; each
/// of the two that none has touched is the client's own. Where something before YARP has
/// rewritten the request, YARP makes the target.
/// </summary>
internal sealed class TargetTransform(GatewayMetrics metrics) : RequestTransform
{
    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    public override async ValueTask ApplyAsync(RequestTransformContext context)
    {
        var request = context.HttpContext.Request;
        if (context.ProxyRequest.RequestUri is not null || request.PathBase.HasValue) return;
        var target = TargetOf(context.HttpContext);
        var (before, after) = (request.Path.Value ?? "", context.Path.Value ?? "");
        var path = target is null ? after
            : after == before ? target.Path
            : PathSpelling.Of(target.Path, before, after);
        // the destination's path is a fence
        if (PathReadings.MayClimbOut(path) && new Uri(context.DestinationPrefix).AbsolutePath != "/")
        {
            var routeId = context.HttpContext.GetReverseProxyFeature().Route.Config.RouteId;
            await Refusal.ClimbingPath.AnswerAsync(context.HttpContext, routeId, metrics);
            return;
        }
        if (target is null) return;
        var query = context.Query.QueryString.Equals(request.QueryString)
            ? target.Query
            : QuerySpelling.Of(target.Query, request.Query, context.Query.Collection);
        var prefix = context.DestinationPrefix.TrimEnd('/');
        context.ProxyRequest.RequestUri = new Uri(string.Concat(prefix, path, query), in AsWritten);
    }

    /// <summary>The target, if path and query are still what the server made of it.</summary>
    public static RequestTarget? TargetOf(HttpContext context)
    {
        var target = RequestTarget.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var request = context.Request;
        return target?.IsReadAs(request.Path.Value ?? "", request.QueryString.Value ?? "") == true ? target : null;
    }
}
