using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Lookup;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// Stands before everything else of a route: takes the caller's tokens out of the request, and gives one with the
/// answer of a write on a host that has a route with <c>Freshness: session</c>.
/// </summary>
internal sealed class SessionEntry(SessionScopes scopes, GatewayRoutes routes, SessionHold hold, GatewayModel model)
{
    /// <param name="context">A request whose endpoint is YARP's.</param>
    /// <param name="next">The rest of the route.</param>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<LegacyReplayFeature>() is not null)
            return next(context);
        var texts = SessionHeaders.Take(context.Request.Headers);
        if (scopes.Current is not { } scope)
            return next(context);
        var session = new SessionFeature(texts);
        context.Features.Set(session);
        var config = RouteMetadata.RouteOf(context).Config;
        var route = routes.Find(config);
        if (
            (RouteMetadata.StampOf(config) is not null || model.SessionWrites.Has(config.RouteId))
            && scope.Has(context.Request.Host.Host)
            && WriteRule.MayWrite(
                context.Request.Method,
                RequestReader.Overrides(context.Request.Headers),
                route?.Model.Lookup?.Methods
            )
        )
            hold.Begin(context, session, config.RouteId, route?.Stats.Held, isWrite: true);
        return next(context);
    }
}
