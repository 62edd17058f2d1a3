using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Strangler.Evidence;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Takes requests that the lookup answered, so that legacy is asked about them afterward. It runs once the client has
/// its answer. Only GET is taken: legacy didn't get the request from its client, so the gateway sends nothing that
/// could change something, and HEAD has no body to compare. If anything fails here, the request isn't compared.
/// </summary>
internal sealed partial class RecheckSampler(
    ShadowRoutes routes,
    IMoments moments,
    ISourceLooks looks,
    IEvidence evidence,
    CopyBudget budget,
    TimeProvider time,
    ILogger<RecheckSampler> logger
)
{
    /// <param name="context">A request whose answer has been written.</param>
    /// <param name="route">Its route.</param>
    /// <param name="decision">What the lookup was asked.</param>
    /// <param name="answered">How long the lookup took.</param>
    public void Take(HttpContext context, GatewayRoute route, RoutingDecision.FromLookup decision, TimeSpan answered)
    {
        try
        {
            if (
                HttpMethods.IsGet(context.Request.Method)
                && routes.Find(route.Model.RouteId) is { } shadow
                // of another configuration for a moment, while one is taken over
                && shadow.Route == route
                && moments is not UnavailableMoments
                && shadow.RecheckTurns.TryTake()
                // another method may be meant
                && RequestReader.Overrides(context.Request.Headers).Count == 0
            )
                Take(context, shadow, decision, answered);
        }
        catch (Exception exception)
        {
            SamplingFailed(exception, route.Model.RouteId);
        }
    }

    private void Take(HttpContext context, ShadowRoute shadow, RoutingDecision.FromLookup decision, TimeSpan answered)
    {
        evidence.Sample(shadow.Scope, decision.Keys, Occasion.Recheck);
        if (!shadow.RechecksPerSecond.TryTake())
        {
            Drop(shadow, DropReason.PerSecond);
            return;
        }
        var now = time.GetTimestamp();
        if (
            looks.Before(now, TimeSpan.Zero) is not { } latest
            || time.GetElapsedTime(latest.Received, now) > ShadowSampler.MaxSnapshotAge
        )
        {
            Drop(shadow, DropReason.NoSight); // its answer could not be bracketed
            return;
        }
        if (shadow.Places.TryTake() is not { } place)
        {
            Drop(shadow, DropReason.QueueFull);
            return;
        }
        var held = new HeldBytes(budget);
        var isQueued = false;
        try
        {
            var request = new SampledRequest(context, decision.Request.Body?.GetRawText());
            if (!held.TryReserve(request.Bytes + shadow.Estimate.Next) || !held.TryTake(request.Bytes))
            {
                Drop(shadow, DropReason.Memory);
                return;
            }
            isQueued = shadow.TryQueue(
                new ShadowSample(shadow.Route, shadow.Lookup, shadow.Scope, place, decision, request, held)
                {
                    Answered = answered,
                }
            );
            if (!isQueued)
                Drop(shadow, DropReason.Ended);
        }
        finally
        {
            if (!isQueued)
            {
                held.Dispose();
                shadow.Places.GiveBack(place);
            }
        }
    }

    private void Drop(ShadowRoute shadow, DropReason reason) => evidence.Drop(shadow.Scope, reason, Occasion.Recheck);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A request of route '{RouteId}' that the lookup answered could not be taken to be compared; its "
            + "answer is not touched by that."
    )]
    private partial void SamplingFailed(Exception exception, string routeId);
}
