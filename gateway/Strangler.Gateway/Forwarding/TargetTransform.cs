using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Transforms;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// Sends legacy the target as the client wrote it. Changes that other transforms made to path or query are kept; if
/// none changed one of them, it is the client's own. If something before YARP has rewritten the request, YARP makes the
/// target. In both cases, a destination's path, the text of a transform, and authorization policies take effect.
/// </summary>
/// <param name="writesPath">Whether a transform of the route adds text of its own to the path.</param>
internal sealed class TargetTransform(bool writesPath, PolicyRoutes policies, GatewayMetrics metrics) : RequestTransform
{
    private static readonly UriCreationOptions AsWritten = new()
    {
        DangerousDisablePathAndQueryCanonicalization = true,
    };

    public override async ValueTask ApplyAsync(RequestTransformContext context)
    {
        var request = context.HttpContext.Request;
        if (context.ProxyRequest.RequestUri is not null || request.PathBase.HasValue)
            return;

        var target = TargetOf(context.HttpContext);
        var (before, after) = (request.Path.Value ?? "", context.Path.Value ?? "");
        var path =
            target is null ? after
            : after == before ? target.Path
            : PathSpelling.Of(target.Path, before, after);
        var refusal = Refused(path, before, after, context.DestinationPrefix);
        if (refusal is not null)
        {
            var routeId = context.HttpContext.GetReverseProxyFeature().Route.Config.RouteId;
            await refusal.AnswerAsync(context.HttpContext, routeId, metrics);
            return;
        }
        if (target is null)
            return;
        var query = context.Query.QueryString.Equals(request.QueryString)
            ? target.Query
            : QuerySpelling.Of(target.Query, request.Query, context.Query.Collection);
        var prefix = context.DestinationPrefix.TrimEnd('/');
        context.ProxyRequest.RequestUri = new Uri(string.Concat(prefix, path, query), in AsWritten);
    }

    /// <summary>The target, if path and query are still those that the server decoded from it.</summary>
    public static RequestTarget? TargetOf(HttpContext context)
    {
        var target = RequestTarget.Of(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
        var request = context.Request;
        return target?.IsReadAs(request.Path.Value ?? "", request.QueryString.Value ?? "") == true ? target : null;
    }

    /// <summary>
    /// Null if it isn't refused. In a path with a changed prefix, a step up leads to another place than the client's
    /// path does: above the text of a transform, or to a path that a policy protects. The path doesn't reveal who wrote
    /// which segment.
    /// </summary>
    private RequestRefusal? Refused(string path, string before, string after, string destination)
    {
        if (!PathInterpretations.AreMany(path))
            return null;
        if (PathInterpretations.MayClimbOut(path) && new Uri(destination).AbsolutePath != "/")
            return RequestRefusal.ClimbingPath;
        var isMoved = writesPath || after != before;
        if (!isMoved)
            return null;
        var isAtStake = writesPath || policies.HavePolicies || !before.EndsWith(after, StringComparison.Ordinal);
        if (isAtStake && PathInterpretations.MayHaveDotSegments(path))
            return RequestRefusal.MovedDotSegments;
        return policies.IsWayAround(after, path) ? RequestRefusal.AmbiguousPath : null;
    }
}
