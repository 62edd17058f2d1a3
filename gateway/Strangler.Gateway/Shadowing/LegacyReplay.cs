using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Timeouts;
using Strangler.Comparing.Answers;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Fallbacks;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Stages;
using Strangler.Projections;
using Yarp.ReverseProxy.Model;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Asks legacy a sampled request, through YARP's own pipeline, so that cluster, destination and transforms are those of
/// a client's request. The request is marked, and asks caches not to answer it (RFC 9111, 5.2.1.4). Its route
/// is read-only.
/// </summary>
internal sealed class LegacyReplay(
    SampledRequest request,
    ShadowModel options,
    ComparisonRules rules,
    TokenBucket tokens,
    HeldBytes held,
    Occasion occasion,
    IServiceProvider services,
    TimeProvider time,
    HeaderInputs known
) : ILegacyReplay, IHeaderProbe
{
    /// <summary>Headers that say how the message is sent, and not what is wanted.</summary>
    private static readonly HashSet<string> OfTheMessage = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host",
        "Content-Type",
        "Content-Encoding",
        "Accept-Encoding",
        "TE",
    };

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);

    public async ValueTask<bool> MayAskAsync(CancellationToken cancellationToken)
    {
        if (tokens.TryReserve(MaxWait) is not { } wait)
            return false;
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, time, cancellationToken);
        return true;
    }

    public async ValueTask PauseAsync(int round, CancellationToken cancellationToken) =>
        await Task.Delay(options.AgainPause * Math.Pow(2, Math.Min(round - 1, 10)), time, cancellationToken);

    /// <summary>A header that changes what servers answer had its default value, unless the route ignores it.</summary>
    public IReadOnlyList<string> Unknown { get; } =
    [
        .. request.HeaderNames.Where(name =>
            !OfTheMessage.Contains(name)
            && !OwnHeaders.IsOwn(name)
            && !known.Declared.Contains(name)
            && (known.Ignored.Contains(name) || !HeaderRules.Names.Contains(name, StringComparer.OrdinalIgnoreCase))
        ),
    ];

    public ValueTask<LegacyAnswer> AskAsync(CancellationToken cancellationToken) =>
        AskWithoutAsync([], cancellationToken);

    public async ValueTask<LegacyAnswer> AskWithoutAsync(
        IReadOnlyCollection<string> headers,
        CancellationToken cancellationToken
    )
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        using var copy = new AnswerCopy(options.MaxBodyBytes, held);
        var context = Context(copy, headers, linked.Token);
        var (began, beganAt) = (time.GetTimestamp(), time.GetUtcNow());
        IncomparableReason? failed = null;
        try
        {
            await request.Endpoint!.RequestDelegate!(context).WaitAsync(linked.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            failed = exception is OperationCanceledException ? IncomparableReason.TimedOut : IncomparableReason.Failed;
        }
        cancellationToken.ThrowIfCancellationRequested();
        // the destination that answered first is asked again
        request.Destination ??= context.Features.Get<IReverseProxyFeature>()?.ProxiedDestination;
        var (ended, endedAt) = (time.GetTimestamp(), time.GetUtcNow());
        failed ??= ForwardOutcome.Incomparable(context, copy);
        if (failed is null && copy.NoMemory)
            throw new BudgetSpentException();
        if (failed is { } reason)
            return new LegacyAnswer(began, ended, beganAt, endedAt, null, reason);
        var answered = ForwardOutcome.Headers(context.Response);
        using var work = await held.WorkAsync(copy.Length + AnswerBodies.Cost(answered, copy.Length, rules));
        var (answer, unreadable) = ForwardOutcome.Decode(
            new Answer(context.Response.StatusCode, answered, copy.Take()),
            rules
        );
        copy.Dispose();
        if (answer is not null)
            held.Take(answer.Body.Length);
        return new LegacyAnswer(began, ended, beganAt, endedAt, answer, unreadable);
    }

    private DefaultHttpContext Context(AnswerCopy copy, IReadOnlyCollection<string> without, CancellationToken aborted)
    {
        var features = new ReplayFeatures(request.Destination);
        features.Set<IHttpRequestFeature>(new HttpRequestFeature());
        features.Set<IHttpResponseFeature>(new HttpResponseFeature());
        var context = new DefaultHttpContext(features) { RequestServices = services, RequestAborted = aborted };
        context.Features.Set<IHttpRequestBodyDetectionFeature>(new Detection(request.Body is not null));
        // YARP requires it if a route has a timeout
        context.Features.Set<IHttpRequestTimeoutFeature>(new OwnLimit(aborted));
        context.Features.Set(LegacyReplayFeature.Value);
        context.Features.Set<IHttpResponseBodyFeature>(
            new StreamResponseBodyFeature(new TeeStream(Stream.Null, context.Response, copy, options.MaxBodyBytes))
        );
        (
            context.Connection.RemoteIpAddress,
            context.Connection.RemotePort,
            context.Connection.LocalIpAddress,
            context.Connection.LocalPort
        ) = (request.RemoteAddress, request.RemotePort, request.LocalAddress, request.LocalPort);
        request.CopyTo(context.Request, without);
        context.Request.Headers.CacheControl = "no-cache";
        context.Request.Headers[OwnHeaders.Shadow] = occasion == Occasion.Recheck ? "recheck" : "again";
        context.SetEndpoint(request.Endpoint);
        return context;
    }

    private sealed class Detection(bool canHaveBody) : IHttpRequestBodyDetectionFeature
    {
        public bool CanHaveBody => canHaveBody;
    }

    private sealed class OwnLimit(CancellationToken token) : IHttpRequestTimeoutFeature
    {
        public CancellationToken RequestTimeoutToken => token;

        public void DisableTimeout() { }
    }
}
