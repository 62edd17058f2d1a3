using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Shadowing;
using Strangler.Gateway.Stages;

namespace Strangler.Gateway.Sessions;

/// <summary>
/// Waits until documents have what a caller has written and seen. 1. Their tokens are read; if one names a key that
/// isn't known, the keys are read again. 2. What they say is compared with what is known of the source and the
/// projection, which usually suffices. 3. If it is beyond that, or of another epoch, the source is looked at. 4. The
/// bridge and the projections are told what is waited for. The look-up that follows must show it, too.
/// </summary>
internal sealed class SessionReads(
    FreshnessWait freshness,
    SourceProgress progress,
    ISourceLooks looks,
    StageTable stages,
    SessionKeyPoll keys,
    SessionFloors floors,
    TimeProvider time
)
{
    /// <param name="route">The route.</param>
    /// <param name="lookup">How it is answered.</param>
    /// <param name="session">What the request sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<FreshnessOutcome> WaitAsync(
        GatewayRoute route,
        RouteLookupModel lookup,
        SessionFeature session,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(lookup.Freshness.Timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var reason = CallGraphReason.PositionUnknown;
        try
        {
            if (await TokenAsync(session, linked.Token) is not { } token) // 1.
                return new FreshnessOutcome.Refused(reason);
            var stage = stages.Current.Find(route.Model.RouteId)?.Version ?? 0;
            var projection = lookup.Responder.Projection.Name;
            if (progress.Of(projection) is not var (source, applied, _))
                return new FreshnessOutcome.Refused(CallGraphReason.SourceUnverified);
            var floor = floors.Find(route, stage) ?? SessionPosition.Incomparable;
            token = token.Merge(SessionToken.None with { Seen = floor });
            var head = looks.Kept()?.Newest.Look.End;
            switch (SessionRule.Of(token, source, applied, head, time.GetUtcNow(), lookup.MaxStaleness)) // 2.
            {
                case SessionNeed.Legacy legacy:
                    return new FreshnessOutcome.Refused(legacy.Reason);
                case SessionNeed.Documents { Required: var required } when required.IsMetBy(applied):
                    return new FreshnessOutcome.Ready(required);
                case SessionNeed.Documents { Required: var required }: // 4.
                    reason = CallGraphReason.FreshnessLate;
                    await freshness.PassAsync(projection, (_, _) => required, required.Before, 0, linked.Token);
                    return new FreshnessOutcome.Ready(required);
                default:
                    reason = CallGraphReason.SourceUnseen;
                    return await LookAsync(route, projection, token, stage, linked.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new FreshnessOutcome.Refused(reason);
        }
    }

    /// <summary>Null if a key isn't known, and the keys can't be read.</summary>
    private async ValueTask<SessionToken?> TokenAsync(SessionFeature session, CancellationToken cancellationToken)
    {
        if (keys.Keys is not { } known)
            return null;
        var (token, hasOtherKey) = session.Read(known);
        if (!hasOtherKey)
            return token;
        return await keys.RefreshAsync(cancellationToken) is { } all ? session.Read(all).Token : null;
    }

    private async ValueTask<FreshnessOutcome> LookAsync(
        GatewayRoute route,
        string projection,
        SessionToken token,
        int stage,
        CancellationToken cancellationToken
    )
    {
        var era = floors.Era;
        var (target, doubt) = await freshness.LookAsync(projection, cancellationToken); // 3.
        if (target is null)
            return new FreshnessOutcome.Refused(doubt);
        if (
            progress.Of(projection) is not var (source, applied, _)
            || SessionRule.After(token, source, applied, target.Look, target.Before) is not { } first
        )
            return new FreshnessOutcome.Refused(CallGraphReason.SourceUnverified);
        floors.Set(route, stage, era, SessionPosition.Of(source, applied.Epoch, target.Before));
        try
        {
            return new FreshnessOutcome.Ready(
                await freshness.PassAsync(
                    projection,
                    (now, _) => SessionRule.After(token, source, now, target.Look, target.Before),
                    first.Before,
                    0,
                    cancellationToken
                )
            ); // 4.
        }
        catch (OperationCanceledException)
        {
            return new FreshnessOutcome.Refused(CallGraphReason.FreshnessLate);
        }
    }
}
