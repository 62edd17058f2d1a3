using System.Collections.Concurrent;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Transforms;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// The gateway's own transforms of each forwarded request and its answer, before and after those of the route's
/// configuration.
/// </summary>
internal sealed class RouteTransforms(GatewayModel model, PolicyRoutes policies, GatewayMetrics metrics)
    : ITransformProvider
{
    private static readonly RequestHeaderFilter RequestHeaders = new();
    private readonly AnswerHeaderFilter _answerHeaders = new(model.AnswerHeader);
    private readonly ConcurrentDictionary<string, TransformBuilderContext> _built = new(
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether the route's configuration changes answers.</summary>
    /// <remarks>Providers that come after this one add theirs later, so they are counted here.</remarks>
    public bool ChangesAnswers(string routeId) =>
        _built.TryGetValue(routeId, out var built)
        && (
            built.ResponseTransforms.Count > 1 // one is ours
            || built.ResponseTrailersTransforms.Count > 0
            || built.CopyResponseHeaders is not null
            || built.CopyResponseTrailers is not null
        );

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        if (model.IsHosted && RouteMetadata.StampOf(context.Route) is null)
            return;
        _built[context.Route.RouteId] = context;
        context.RequestTransforms.Insert(0, RequestHeaders); // first, so that headers which the configuration adds stay
        context.ResponseTransforms.Insert(0, _answerHeaders);
        if (!RouteMetadata.IsRaw(context.Route, model.RawTarget))
            return;
        context.RequestTransforms.Add(new TargetTransform(WritesPath(context), policies, metrics));
    }

    /// <summary>Of the path transforms, only the one that removes a prefix adds no text.</summary>
    private static bool WritesPath(TransformBuilderContext context)
    {
        var ofPaths = context.RequestTransforms.Count(one => one is PathStringTransform or PathRouteValuesTransform);
        var removing = context.Route.Transforms?.Count(one => one.ContainsKey("PathRemovePrefix")) ?? 0;
        return ofPaths > removing;
    }
}
