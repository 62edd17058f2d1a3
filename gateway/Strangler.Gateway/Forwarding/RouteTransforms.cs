using Strangler.Gateway.Configuration;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Strangler.Gateway.Forwarding;

/// <summary>What the gateway does to each request that is forwarded, after the transforms of its route's configuration.</summary>
internal sealed class RouteTransforms(GatewayModel model) : ITransformProvider
{
    private static readonly TargetTransform Target = new();

    public void ValidateRoute(TransformRouteValidationContext context) { }

    public void ValidateCluster(TransformClusterValidationContext context) { }

    public void Apply(TransformBuilderContext context)
    {
        if (model.IsRaw(context.Route.RouteId)) context.RequestTransforms.Add(Target);
    }
}
