using Microsoft.AspNetCore.Http;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Health;
using Strangler.Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// Gives callers tokens with legacy's answers. 1. When legacy's headers have arrived, a look at the source is joined
/// that is sent after that. 2. They are held for at most 50 ms; if the look takes longer, the token says that the
/// position isn't known. 3. The token stands in a header and a cookie.
/// </summary>
internal sealed class SessionHold(
    SessionScopes scopes,
    SessionKeyPoll keys,
    SessionFloors floors,
    FreshnessWait freshness,
    SourceProgress progress,
    GatewayMetrics metrics,
    TimeProvider time
)
{
    /// <summary>How long headers are held at most.</summary>
    internal static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(50);

    /// <param name="context">A request that legacy answers.</param>
    /// <param name="session">What it sent.</param>
    /// <param name="routeId">Its route.</param>
    /// <param name="stats">Where the wait is counted. Null: the route is plain YARP.</param>
    /// <param name="isWrite">Whether it may write.</param>
    public void Begin(HttpContext context, SessionFeature session, string routeId, SideStats? stats, bool isWrite)
    {
        if (session.IsHeld)
            return;
        session.IsHeld = true;
        context.Response.OnStarting(() => EndAsync(context, session, routeId, stats, isWrite));
    }

    private async Task EndAsync(
        HttpContext context,
        SessionFeature session,
        string routeId,
        SideStats? stats,
        bool isWrite
    )
    {
        if (scopes.Current is not { } scope)
            return;
        var began = time.GetTimestamp();
        var mayWriteLater =
            isWrite
            && WriteRule.MayWriteLater(
                context.Response.StatusCode,
                context.Features.Get<IForwarderErrorFeature>() is not null
            );
        var position = mayWriteLater ? null : await FindAsync(scope.Projection, context.RequestAborted); // 1. and 2.
        if (keys.Keys is { } known)
        {
            var (before, now) = (session.Read(known).Token, time.GetUtcNow());
            if (now - before.UnknownSince > scope.Life)
                before = new SessionToken(before.Seen, null); // every document has that write
            var token = position is { } look
                ? before.At(look)
                : before.Merge(new SessionToken(null, now) { MayWriteLater = mayWriteLater });
            SessionHeaders.Give(context, TokenCodec.Write(token, known.Signing), scope.Life); // 3.
        }
        else
            floors.Raise();
        var duration = time.GetElapsedTime(began);
        stats?.Record(duration);
        metrics.Held(routeId, position is not null, duration);
    }

    /// <summary>Null if it doesn't become known in time.</summary>
    private async ValueTask<SessionPosition?> FindAsync(string projection, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var (target, _) = await freshness.LookAsync(projection, linked.Token);
            return target is not null && progress.Of(projection) is var (source, applied, _)
                ? SessionPosition.Of(source, applied.Epoch, target.Before)
                : null;
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }
}
