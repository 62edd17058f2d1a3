using Microsoft.AspNetCore.Http;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway;

/// <summary>Asks the lookup once its documents are as fresh as the route promises.</summary>
internal sealed class FreshLookup(
    LookupClient lookups,
    FreshnessWait freshness,
    SessionReads sessions,
    GatewayMetrics metrics,
    TimeProvider time
)
{
    public async ValueTask<LookupOutcome> AskAsync(
        HttpContext context,
        GatewayRoute route,
        RouteLookupModel lookup,
        RoutingDecision.FromLookup asked
    )
    {
        if (lookup.Freshness.Mode == FreshnessMode.Bounded)
            return await lookups.AskAsync(route, lookup, asked, context.RequestAborted);
        var began = time.GetTimestamp();
        var waited = await WaitAsync(context, route, lookup);
        var duration = time.GetElapsedTime(began);
        route.Stats.Freshness.Record(duration);
        metrics.Waited(route.Model.RouteId, waited is FreshnessOutcome.Refused(var why) ? why.Text() : "", duration);
        return waited switch
        {
            FreshnessOutcome.Ready(var required) => await lookups.AskAsync(
                route,
                lookup,
                asked,
                context.RequestAborted,
                required
            ),
            FreshnessOutcome.Refused(var reason) => new LookupOutcome.CallGraph(reason),
            _ => throw new InvalidOperationException("A wait has two outcomes."),
        };
    }

    private ValueTask<FreshnessOutcome> WaitAsync(HttpContext context, GatewayRoute route, RouteLookupModel lookup)
    {
        if (lookup.Freshness.Mode == FreshnessMode.Strict)
            return freshness.StrictAsync(
                lookup.Responder.Projection.Name,
                lookup.Freshness.Timeout,
                context.RequestAborted
            );
        return context.Features.Get<SessionFeature>() is { } session
            ? sessions.WaitAsync(route, lookup, session, context.RequestAborted)
            // the route has just become one: what its callers have seen isn't known
            : ValueTask.FromResult<FreshnessOutcome>(new FreshnessOutcome.Refused(CallGraphReason.PositionUnknown));
    }
}
