using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Http;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Runs before and after a forwarded request of a route in shadow. Before: 1. determine what the request asks for; 2.
/// check whether its keys belong to the share; 3. check whether the budgets allow it; 4. find where its bracket begins.
/// Only then its answer is copied as it passes. After: it is queued. If anything fails here, the request continues
/// without being sampled.
/// </summary>
internal sealed partial class ShadowSampler(
    ShadowRoutes routes,
    ISourceLooks looks,
    IEvidence evidence,
    CopyBudget budget,
    ShadowMetrics metrics,
    TimeProvider time,
    ILogger<ShadowSampler> logger
)
{
    /// <summary>
    /// If the source hasn't been looked at for longer than this, no key would be quiet in the brackets. Two consecutive
    /// looks are received an interval and a look apart.
    /// </summary>
    internal static readonly TimeSpan MaxSnapshotAge = TimeSpan.FromSeconds(2);

    /// <summary>
    /// An answer that takes longer, such as an endless JSON stream, isn't compared, and its place is given back. Well
    /// above YARP's own limit (100 s unless a cluster sets another): an answer that YARP ends is incomparable and makes
    /// its key unproven, which a drop wouldn't do.
    /// </summary>
    internal static readonly TimeSpan MaxAnswerDuration = TimeSpan.FromMinutes(5);

    /// <summary>Called before the request is forwarded.</summary>
    public async ValueTask<ForwardedSample> BeginAsync(HttpContext context, GatewayRoute route, Stage stage)
    {
        IReadOnlyList<string>? credentials = null;
        ShadowRoute? of = null;
        try
        {
            // of another configuration for a moment, while one is taken over: keys and rules must be of one
            if (routes.Find(route.Model.RouteId) is not { } shadow || shadow.Route != route)
                return default;
            of = shadow;
            if (HttpMethods.IsHead(context.Request.Method))
                return default; // has no body that could be compared
            var facts = RequestReader.Head(context);
            var decision = RequestRouter.Decide(route.Model, stage, facts);
            if (decision is RoutingDecision.ReadBody)
            {
                facts = facts with
                {
                    Body = await RequestReader.BodyAsync(context, shadow.Lookup.MaxBodyBytes, context.RequestAborted),
                };
                decision = RequestRouter.Decide(route.Model, stage, facts);
            }
            if (decision is not RoutingDecision.FromLookup { Keys: var keys } from) // 1.
            {
                if (decision is RoutingDecision.CallGraph { Reason: not CallGraphReason.Stage and var reason })
                    NotSampled(shadow, reason);
                if (decision is RoutingDecision.CallGraph { Thrown: { } thrown })
                    KeyThrew(thrown, route.Model.RouteId);
                return default;
            }
            credentials = Credentials(context) ?? (IReadOnlyList<string>)[];
            if (!KeySampler.Includes(KeySampler.ShadowSeed, keys, shadow.Options.Share))
                return new ForwardedSample(of, null, credentials); // 2.
            evidence.Sample(shadow.Scope, keys, Occasion.Shadow);
            if (!shadow.PerSecond.TryTake())
                return new ForwardedSample(of, Drop(shadow, DropReason.PerSecond), credentials); // 3.
            if (shadow.Places.TryTake() is not { } place)
                return new ForwardedSample(of, Drop(shadow, DropReason.QueueFull), credentials);
            ActiveSample? begun = null;
            try
            {
                begun = Begin(context, shadow, place, from, facts);
                return new ForwardedSample(of, begun, credentials);
            }
            finally
            {
                if (begun is null)
                    shadow.Places.GiveBack(place);
            }
        }
        catch (Exception exception)
        {
            if (!context.RequestAborted.IsCancellationRequested)
                SamplingFailed(exception, route.Model.RouteId);
            return new ForwardedSample(of, null, credentials);
        }
    }

    /// <summary>
    /// Called after the request was forwarded. The caller's credentials are counted first, so that a gate that waits
    /// for the comparison sees them too.
    /// </summary>
    /// <param name="forwarded">Whether forwarding ended without an exception.</param>
    /// <param name="refused">Whether legacy refused the caller, and the lookup wouldn't.</param>
    public void End(HttpContext context, ForwardedSample shadowed, bool forwarded, bool refused)
    {
        if (shadowed is { Credentials: { } credentials, Route: { } shadow })
            evidence.Note(shadow.Scope, new Access(credentials, refused ? context.Response.StatusCode : null));
        shadowed.Underway?.End(forwarded);
    }

    /// <summary>Null if it had none.</summary>
    private static List<string>? Credentials(HttpContext context)
    {
        List<string>? found = context.Connection.ClientCertificate is null
            ? null
            : [CredentialHeaders.ClientCertificate];
        foreach (var (name, value) in context.Request.Headers)
        {
            if (CredentialHeaders.Find(name) is { } known && !StringValues.IsNullOrEmpty(value))
                (found ??= []).Add(known);
        }
        return found;
    }

    /// <summary>
    /// The lookup wouldn't answer it, so it doesn't count among the sampled requests, and is counted separately.
    /// </summary>
    private void NotSampled(ShadowRoute shadow, CallGraphReason reason)
    {
        evidence.Drop(shadow.Scope, DropReason.Undeclared, Occasion.Shadow);
        shadow.Route.Stats.Shadow.CountNotSampled(reason);
        metrics.NotSampled(shadow.Route.Model.RouteId, reason);
    }

    private ActiveSample? Begin(
        HttpContext context,
        ShadowRoute shadow,
        ShadowPlace place,
        RoutingDecision.FromLookup decision,
        RequestFacts facts
    )
    {
        var now = time.GetTimestamp();
        if (
            looks.Before(now, TimeSpan.Zero) is not { } latest
            || time.GetElapsedTime(latest.Received, now) > MaxSnapshotAge
            || looks.Before(now, shadow.Options.LegacyStaleness) is not { } before
        ) // 4.
        {
            return Drop(shadow, DropReason.NoSight);
        }
        AnswerCopy? copy = null;
        var held = new HeldBytes(budget);
        try
        {
            var request = new SampledRequest(
                context,
                facts.Body is BodyFacts.Json json ? json.Root.GetRawText() : null
            );
            if (!held.TryReserve(request.Bytes + shadow.Estimate.Next) || !held.TryTake(request.Bytes))
            {
                held.Dispose();
                return Drop(shadow, DropReason.Memory);
            }
            copy = new AnswerCopy(shadow.Options.MaxBodyBytes, held);
            var body = new TeeBody(
                context.Features.GetRequiredFeature<IHttpResponseBodyFeature>(),
                context.Response,
                copy,
                shadow.Options.MaxBodyBytes
            );
            context.Features.Set<IHttpResponseBodyFeature>(body);
            return new ActiveSample(this, context, shadow, place, decision, request, before, copy, held, body);
        }
        catch
        {
            copy?.Dispose();
            held.Dispose();
            throw;
        }
    }

    private ActiveSample? Drop(ShadowRoute shadow, DropReason reason)
    {
        evidence.Drop(shadow.Scope, reason, Occasion.Shadow);
        return null;
    }

    /// <summary>The sampling state of a request that is being forwarded.</summary>
    /// <param name="Route">The route as it was when the request came. Null if it isn't compared.</param>
    /// <param name="Underway">Null if its answer isn't copied.</param>
    /// <param name="Credentials">
    /// Its credential headers. Null if the lookup wouldn't answer it, so they don't matter.
    /// </param>
    internal readonly record struct ForwardedSample(
        ShadowRoute? Route,
        ActiveSample? Underway,
        IReadOnlyList<string>? Credentials
    );

    /// <summary>
    /// A request in progress whose answer is copied. It ends once: with its answer, when the answer's first bytes show
    /// that it can't be compared, or when it takes too long.
    /// </summary>
    internal sealed class ActiveSample
    {
        private readonly ShadowSampler _owner;
        private readonly HttpContext _context;
        private readonly ShadowRoute _shadow;
        private readonly ShadowPlace _place;
        private readonly RoutingDecision.FromLookup _decision;
        private readonly SampledRequest _request;
        private readonly TakenLook _before;
        private readonly AnswerCopy _copy;
        private readonly HeldBytes _held;
        private readonly TeeBody _body;
        private readonly long _began;
        private readonly DateTimeOffset _beganAt;
        private readonly ITimer _limit;
        private int _ended;

        public ActiveSample(
            ShadowSampler owner,
            HttpContext context,
            ShadowRoute shadow,
            ShadowPlace place,
            RoutingDecision.FromLookup decision,
            SampledRequest request,
            TakenLook before,
            AnswerCopy copy,
            HeldBytes held,
            TeeBody body
        )
        {
            (_owner, _context, _shadow, _place, _decision, _request, _before, _copy, _held, _body) = (
                owner,
                context,
                shadow,
                place,
                decision,
                request,
                before,
                copy,
                held,
                body
            );
            (_began, _beganAt) = (owner.Now, owner.NowAt);
            copy.GivenUp = () => End();
            _limit = owner.NewTimer(
                static underway => ((ActiveSample)underway!).EndAsTooLong(),
                this,
                MaxAnswerDuration
            );
        }

        /// <param name="forwarded">Whether forwarding ended without an exception.</param>
        public void End(bool forwarded)
        {
            _limit.Dispose();
            _context.Features.Set(_body.Inner);
            _copy.GivenUp = null;
            End(forwarded ? null : IncomparableReason.CutOff);
        }

        /// <param name="cut">Why the answer is incomparable regardless of its bytes.</param>
        private void End(IncomparableReason? cut = null)
        {
            if (!TryEnd())
                return;
            var queued = false;
            try
            {
                queued = TryQueue(cut);
            }
            catch (Exception exception)
            {
                _owner.SamplingFailed(exception, _shadow.Route.Model.RouteId);
            }
            finally
            {
                if (!queued)
                    LetGo();
            }
        }

        private bool TryQueue(IncomparableReason? cut)
        {
            var (ended, endedAt) = (_owner.Now, _owner.NowAt);
            if (_copy.NoMemory)
            {
                _owner.Drop(_shadow, DropReason.Memory);
                return false;
            }
            var incomparable = cut ?? ForwardOutcome.Incomparable(_context, _copy);
            if (incomparable is not null)
                _copy.GiveUp(incomparable.Value);
            // the size is known only now
            if (!_held.TryReserve(incomparable is null ? _shadow.Estimate.Of(_copy.Length) : 0))
            {
                _owner.Drop(_shadow, DropReason.Memory);
                return false;
            }
            _request.Destination = _context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination;
            var sampled = new ShadowSample(
                _shadow.Route,
                _shadow.Lookup,
                _shadow.Scope,
                _place,
                _decision,
                _request,
                _held
            )
            {
                Legacy = new SampledAnswer(
                    _before,
                    _copy,
                    _context.Response.StatusCode,
                    ForwardOutcome.Headers(_context.Response),
                    incomparable,
                    _began,
                    ended,
                    _beganAt,
                    endedAt
                ),
            };
            if (_shadow.TryQueue(sampled))
                return true;
            _owner.Drop(_shadow, DropReason.Ended);
            return false;
        }

        /// <summary>Runs on a timer's thread, while the answer is still sent to its client.</summary>
        private void EndAsTooLong()
        {
            if (!TryEnd())
                return;
            _owner.Drop(_shadow, DropReason.TooLong);
            LetGo();
        }

        private bool TryEnd() => Interlocked.Exchange(ref _ended, 1) == 0;

        private void LetGo()
        {
            _copy.Dispose();
            _held.Dispose();
            _shadow.Places.GiveBack(_place);
        }
    }

    private ITimer NewTimer(TimerCallback callback, object state, TimeSpan after) =>
        time.CreateTimer(callback, state, after, Timeout.InfiniteTimeSpan);

    private long Now => time.GetTimestamp();

    private DateTimeOffset NowAt => time.GetUtcNow();

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "The key type's TryParse or ToString threw for a request of route '{RouteId}', which isn't sampled."
    )]
    private partial void KeyThrew(Exception exception, string routeId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "A request of route '{RouteId}' could not be sampled; its answer is not touched by that."
    )]
    private partial void SamplingFailed(Exception exception, string routeId);
}
