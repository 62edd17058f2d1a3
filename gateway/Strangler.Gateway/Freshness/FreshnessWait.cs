using Strangler.ChangeLog;
using Strangler.Evidence;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Shadowing;

namespace Strangler.Gateway.Freshness;

/// <summary>
/// Waits until everything is applied that the source had committed when a request arrived. 1. A look at the source's
/// primary is joined that is sent after the request arrived. 2. It must be of a run of the server whose history the log
/// has, and not behind the documents. 3. The bridge and the projections are told what is waited for, until they say
/// that they have it. The look-up that follows must show it, too.
/// </summary>
internal sealed class FreshnessWait(ISourceLooks looks, SourceProgress progress, WantedSender wanted, TimeProvider time)
{
    private readonly Lock _lock = new();
    private LookTarget? _last;

    /// <param name="projection">The projection that is asked afterward.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<FreshnessOutcome> StrictAsync(
        string projection,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var reason = CallGraphReason.SourceUnseen;
        try
        {
            var before = progress.Of(projection)?.Applied; // before the look is sent
            if (await looks.LookAsync(linked.Token) is not { } look) // 1.
                return new FreshnessOutcome.Refused(reason);
            var target = Target(look);
            if (!looks.IsVerified(look) || FreshnessRule.IsBehind(target, before)) // 2.
                return new FreshnessOutcome.Refused(CallGraphReason.SourceUnverified);
            reason = CallGraphReason.FreshnessLate;
            return new FreshnessOutcome.Ready(await PassAsync(projection, target, linked.Token)); // 3.
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new FreshnessOutcome.Refused(reason);
        }
    }

    private async ValueTask<FreshnessRequirement> PassAsync(
        string projection,
        LookTarget target,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var changed = progress.Changed(); // before it is read
            if (progress.Of(projection) is var (source, applied, catalogue))
            {
                var required = FreshnessRule.Of(target, catalogue);
                if (required?.IsMetBy(applied) == true)
                    return required;
                wanted.Send(new WantedLsn(source, required?.Reach ?? target.Before), target.Look.Sent);
            }
            await Task.WhenAny(changed, Task.Delay(WantedSender.Again, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private LookTarget Target(TakenLook look)
    {
        lock (_lock)
            return _last = _last?.Look == look ? _last : LookTarget.Of(look, _last);
    }
}
