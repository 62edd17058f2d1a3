using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Sessions;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway;

/// <summary>
/// Puts the gateway before YARP's own pipeline, in any host: routing chooses an endpoint of YARP, and this replaces it
/// by one that asks <see cref="SessionEntry"/>, <see cref="PolicyGuard"/> and <see cref="RouteMiddleware"/> first. The
/// endpoint's metadata stay, so that the host's policies apply to every answer. An endpoint that needs none of them
/// isn't touched.
/// </summary>
internal sealed class RoutePolicy(
    SessionEntry sessions,
    PolicyGuard guard,
    PolicyRoutes policies,
    RouteMiddleware routes,
    GatewayModel model
) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];

    /// <summary>After all policies that choose.</summary>
    public override int Order => int.MaxValue;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(MayBeGuarded);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (!candidates.IsValidCandidate(i) || !IsGuarded(candidates[i].Endpoint))
                continue;
            var guarded = _guarded.GetValue(candidates[i].Endpoint, Guarded);
            candidates.ReplaceEndpoint(i, guarded, candidates[i].Values);
        }
        return Task.CompletedTask;
    }

    /// <summary>
    /// Doesn't depend on other routes: it is asked while routing builds itself, when the list of routes may be the one
    /// before.
    /// </summary>
    private bool MayBeGuarded(Endpoint endpoint) =>
        endpoint is RouteEndpoint { RequestDelegate: not null }
        && endpoint.Metadata.GetMetadata<RouteModel>() is { } route
        && (
            RouteMetadata.StampOf(route.Config) is not null
            || !model.IsHosted
            || model.SessionWrites.Has(route.Config.RouteId)
        );

    private bool IsGuarded(Endpoint endpoint)
    {
        if (!MayBeGuarded(endpoint))
            return false;
        var config = endpoint.Metadata.GetMetadata<RouteModel>()!.Config;
        return policies.HavePolicies
            || RouteMetadata.StampOf(config) is not null
            || model.SessionWrites.Has(config.RouteId);
    }

    private RouteEndpoint Guarded(Endpoint endpoint)
    {
        var (yarp, forward) = ((RouteEndpoint)endpoint, endpoint.RequestDelegate!);
        return new RouteEndpoint(
            context =>
                sessions.InvokeAsync(
                    context,
                    entered => guard.InvokeAsync(entered, passed => routes.InvokeAsync(passed, forward))
                ),
            yarp.RoutePattern,
            yarp.Order,
            yarp.Metadata,
            yarp.DisplayName
        );
    }
}
