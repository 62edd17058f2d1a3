using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Callers;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Http;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;

namespace Strangler.Gateway;

/// <summary>
/// Runs before YARP's pipeline. Either the lookup answers, or the request continues to the call graph as if this
/// didn't exist.
/// </summary>
internal sealed partial class RouteMiddleware(
    GatewayRoutes routes,
    StageTable stages,
    FreshLookup lookups,
    SessionHold hold,
    LegacyAccess access,
    FallbackLimiter fallbacks,
    ShadowSampler sampler,
    RecheckSampler rechecks,
    GatewayMetrics metrics,
    GatewayModel model,
    RouteTransforms transforms,
    TimeProvider time,
    ILogger<RouteMiddleware> logger
)
{
    /// <summary>The watermark's age in seconds, sent with an answer of the lookup.</summary>
    public const string AgeHeader = "Strangler-Watermark-Age";

    /// <param name="context">A request whose endpoint is YARP's.</param>
    /// <param name="next">YARP's pipeline.</param>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (
            context.Features.Get<LegacyReplayFeature>() is not null
            || routes.Find(RouteMetadata.RouteOf(context).Config) is not { } route
        )
            return next(context);
        var stage = route.StageIn(stages);
        return stage.Traits() switch
        {
            { LookupAnswers: true } when route.Model.Lookup is { } lookup => LookupAsync(
                context,
                next,
                route,
                lookup,
                stage
            ),
            { IsCompared: true } => ShadowAsync(context, next, route, stage),
            _ => CallGraphAsync(context, next, route, stage, CallGraphReason.Stage, time.GetTimestamp()),
        };
    }

    /// <summary>The call graph answers; a sampled answer is copied as it passes.</summary>
    private async Task ShadowAsync(HttpContext context, RequestDelegate next, GatewayRoute route, Stage stage)
    {
        var began = time.GetTimestamp();
        var shadowed = await sampler.BeginAsync(context, route, stage);
        var forwarded = false;
        try
        {
            await CallGraphAsync(context, next, route, stage, CallGraphReason.Stage, began);
            forwarded = context.Features.Get<RequestRefusal>() is null;
        }
        finally
        {
            sampler.End(
                context,
                shadowed,
                forwarded,
                forwarded && shadowed.Credentials is not null && await IsRefusedAsync(context, route)
            );
        }
    }

    /// <summary>
    /// Whether legacy refuses a caller who would have been let through. The client has its answer before legacy is
    /// asked about that.
    /// </summary>
    private async Task<bool> IsRefusedAsync(HttpContext context, GatewayRoute route)
    {
        if (!CredentialHeaders.Refuses(context.Response.StatusCode))
            return false;
        if (route.Model.AuthorizeBy is not { } by)
            return true;
        try
        {
            await context.Response.CompleteAsync();
            return await access.AskAsync(context, route.Model.RouteId, by, CancellationToken.None)
                == AccessAnswer.Allowed;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return false; // the client has gone
        }
        // the sample must end, and what is in doubt keeps the gate closed
        catch (Exception)
        {
            return true;
        }
    }

    private async Task LookupAsync(
        HttpContext context,
        RequestDelegate next,
        GatewayRoute route,
        RouteLookupModel lookup,
        Stage stage
    )
    {
        var began = time.GetTimestamp();
        LookupOutcome outcome;
        RoutingDecision.FromLookup? asked = null;
        try
        {
            (outcome, asked) = await OutcomeAsync(context, route, lookup, stage);
            if (outcome is LookupOutcome.Answered made)
                outcome = made with { Answer = AnswerNegotiation.Of(made.Answer, lookup, context.Request) };
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return; // the client no longer waits for the answer
        }
        catch (IOException)
        {
            // a broken body: the forwarder will find that too
            outcome = new LookupOutcome.CallGraph(CallGraphReason.BodyNotJson);
        }
        // it runs the team's code, which may throw anything; that is never a reason not to answer
        catch (Exception exception)
        {
            OutcomeFailed(exception, route.Model.RouteId);
            outcome = new LookupOutcome.CallGraph(CallGraphReason.LookupFailed);
        }
        if (outcome is LookupOutcome.CallGraph { LegacyReason: { } asks })
            route.Stats.AskLegacy.Count(asks);
        switch (outcome)
        {
            case LookupOutcome.Answered answered:
                var duration = time.GetElapsedTime(began);
                await WriteAsync(context, answered);
                Record(route, stage, AnsweredBy.Lookup, "", began);
                route.Stats.Guarded.CountRequest(isFallback: false, IsError(context));
                if (asked is not null && stage.Traits().IsRechecked)
                    rechecks.Take(context, route, asked, duration);
                break;
            case LookupOutcome.CallGraph { Reason: var reason } when reason.IsFallback():
                await FallBackAsync(context, next, route, stage, reason, began);
                break;
            case LookupOutcome.CallGraph { Reason: var reason }:
                await CallGraphAsync(context, next, route, stage, reason, began);
                break;
        }
    }

    /// <summary>
    /// Decides, reading the body only if the decision needs it, and asks the lookup if the decision says so.
    /// </summary>
    private async ValueTask<(LookupOutcome Outcome, RoutingDecision.FromLookup? Asked)> OutcomeAsync(
        HttpContext context,
        GatewayRoute route,
        RouteLookupModel lookup,
        Stage stage
    )
    {
        var facts = RequestReader.Head(context);
        var decision = RequestRouter.Decide(route.Model, stage, facts);
        if (decision is RoutingDecision.ReadBody)
        {
            var body = await RequestReader.BodyAsync(context, lookup.MaxBodyBytes, context.RequestAborted);
            decision = RequestRouter.Decide(route.Model, stage, facts with { Body = body });
        }
        if (
            decision is RoutingDecision.FromLookup
            && route.Model.AuthorizeBy is { } by
            && await access.AskAsync(context, route.Model.RouteId, by, context.RequestAborted)
                is not AccessAnswer.Allowed
                    and var answer
        )
            return (
                new LookupOutcome.CallGraph(
                    answer == AccessAnswer.Refused ? CallGraphReason.AccessRefused : CallGraphReason.AccessUnknown
                ),
                null
            );
        return decision switch
        {
            RoutingDecision.FromLookup fromLookup => (
                await lookups.AskAsync(context, route, lookup, fromLookup),
                fromLookup
            ),
            RoutingDecision.CallGraph callGraph => (CallGraph(callGraph), null),
            _ => throw new InvalidOperationException("A decision with a read body is final."),
        };

        LookupOutcome.CallGraph CallGraph(RoutingDecision.CallGraph decision)
        {
            if (decision.Thrown is { } thrown)
                KeyThrew(thrown, route.Model.RouteId);
            return new(decision.Reason);
        }
    }

    private async Task FallBackAsync(
        HttpContext context,
        RequestDelegate next,
        GatewayRoute route,
        Stage stage,
        CallGraphReason reason,
        long began
    )
    {
        switch (fallbacks.Enter(route))
        {
            case FallbackEntry.Admitted admitted:
                route.Stats.Guarded.CountRequest(isFallback: true, isError: false);
                try
                {
                    await CallGraphAsync(context, next, route, stage, reason, began);
                }
                finally
                {
                    fallbacks.Leave(route, admitted, context);
                }
                break;
            case FallbackEntry.Refused refused:
                route.Stats.CountReason(reason);
                route.Stats.Guarded.CountRequest(isFallback: true, isError: true);
                await FallbackLimiter.RefuseAsync(context, refused, model.AnswerHeader);
                Record(route, stage, AnsweredBy.Gateway, reason.Text(), began);
                break;
        }
    }

    private async Task CallGraphAsync(
        HttpContext context,
        RequestDelegate next,
        GatewayRoute route,
        Stage stage,
        CallGraphReason reason,
        long began
    )
    {
        if (model.AnswerHeader)
            context.Response.Headers[OwnHeaders.Answer] = $"legacy; reason={reason.Text()}";
        route.Stats.CountReason(reason);
        if (
            route.Model.Lookup is { Freshness.Mode: FreshnessMode.Session }
            && stage.Traits().LookupAnswers
            && context.Features.Get<SessionFeature>() is { } session
        )
            hold.Begin(context, session, route.Model.RouteId, route.Stats.Held, isWrite: false);
        try
        {
            await next(context);
        }
        finally
        {
            var refusal = context.Features.Get<RequestRefusal>();
            var answeredBy = refusal is null ? AnsweredBy.Legacy : AnsweredBy.Gateway;
            Record(route, stage, answeredBy, refusal?.Reason ?? reason.Text(), began);
            if (refusal is null && !reason.IsFallback())
                route.Stats.Guarded.CountLegacy(time.GetElapsedTime(began), IsError(context));
        }
    }

    private async Task WriteAsync(HttpContext context, LookupOutcome.Answered answered)
    {
        var (answer, response) = (answered.Answer, context.Response);
        var yarp = RouteMetadata.RouteOf(context);
        using var message = transforms.ChangesAnswers(yarp.Config.RouteId) ? AnswerTransforms.MessageOf(answer) : null;
        if (message is not null)
        {
            var hasBody = await AnswerTransforms.WriteHeadAsync(context, yarp, message);
            if (response.HasStarted)
                return; // a transform has written an answer of its own
            if (!hasBody)
                answer = answer with { Body = default };
        }
        else
        {
            response.StatusCode = answer.Status;
            foreach (var (name, value) in answer.Headers)
                response.Headers.Append(name, value);
        }
        if (model.AnswerHeader)
        {
            response.Headers[OwnHeaders.Answer] = "lookup";
            response.Headers[AgeHeader] = string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"{Math.Max(0, answered.Age.TotalSeconds):0.000}"
            );
        }
        if (response.StatusCode is not (204 or 304))
            response.ContentLength = answer.Body.Length;
        if (!answer.Body.IsEmpty && !HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(answer.Body, context.RequestAborted);
        if (message is not null)
            await yarp.Transformer.TransformResponseTrailersAsync(context, message, context.RequestAborted);
    }

    private static bool IsError(HttpContext context) =>
        context.Response.StatusCode >= StatusCodes.Status500InternalServerError;

    private void Record(GatewayRoute route, Stage stage, AnsweredBy answeredBy, string reason, long began)
    {
        var duration = time.GetElapsedTime(began);
        if (answeredBy == AnsweredBy.Lookup)
            route.Stats.Lookup.Record(duration);
        else if (answeredBy == AnsweredBy.Legacy)
            route.Stats.Legacy.Record(duration);
        metrics.Record(route.Model.RouteId, stage, answeredBy, reason, duration);
    }

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "The lookup of a request of route '{RouteId}' failed unexpectedly; the request went to the call "
            + "graph."
    )]
    private partial void OutcomeFailed(Exception exception, string routeId);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The key type's TryParse or ToString threw for a request of route '{RouteId}', "
            + "which went to the call graph."
    )]
    private partial void KeyThrew(Exception exception, string routeId);
}
