using System.Collections.Concurrent;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Strangler.Gateway.Forwarding;

/// <summary>
/// What the gateway does to each request that is forwarded, and to its answer, around the transforms of its route's
/// configuration.
/// </summary>
internal sealed class RouteTransforms(GatewayModel model, GatewayMetrics metrics) : ITransformProvider
{
    private static readonly RequestHeaderFilter RequestHeaders = new();
    private readonly TargetTransform _target = new(metrics);
    private readonly AnswerHeaderFilter _answerHeaders = new(model.AnswerHeader);
    private readonly ConcurrentDictionary<string, bool> _changesAnswers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether the route's configuration changes answers.</summary>
    public bool ChangesAnswers(string routeId) => _changesAnswers.GetValueOrDefault(routeId);

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        _changesAnswers[context.Route.RouteId] =
            context.ResponseTransforms.Count + context.ResponseTrailersTransforms.Count > 0
            || context.CopyResponseHeaders is not null
            || context.CopyResponseTrailers is not null;
        context.RequestTransforms.Insert(0, RequestHeaders); // what the configuration adds stays
        context.ResponseTransforms.Insert(0, _answerHeaders);
        if (model.IsRaw(context.Route.RouteId)) context.RequestTransforms.Add(_target);
    }
}
