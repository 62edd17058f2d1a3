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
            var (target, doubt) = await LookAsync(projection, linked.Token); // 1. and 2.
            if (target is null)
                return new FreshnessOutcome.Refused(doubt);
            reason = CallGraphReason.FreshnessLate;
            var required = await PassAsync(
                projection,
                (_, catalogue) => FreshnessRule.Of(target, catalogue),
                target.Before,
                target.Look.Sent,
                linked.Token
            ); // 3.
            return new FreshnessOutcome.Ready(required);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new FreshnessOutcome.Refused(reason);
        }
    }

    /// <summary>Takes a look that is sent after this call: steps 1 and 2.</summary>
    /// <returns>Null, and why, if nothing follows from it.</returns>
    public async ValueTask<(LookTarget? Target, CallGraphReason Doubt)> LookAsync(
        string projection,
        CancellationToken cancellationToken
    )
    {
        var before = progress.Of(projection)?.Applied; // before the look is sent
        if (await looks.LookAsync(cancellationToken) is not { } look)
            return (null, CallGraphReason.SourceUnseen);
        var target = Target(look);
        return !looks.IsVerified(look) || FreshnessRule.IsBehind(target, before)
            ? (null, CallGraphReason.SourceUnverified)
            : (target, default);
    }

    /// <summary>Waits until a projection is known to have what is required: step 3.</summary>
    /// <param name="projection">The projection.</param>
    /// <param name="requirement">
    /// What is required, of what is known to be applied and of the catalogue. Null: not known yet.
    /// </param>
    /// <param name="before">What is asked for while it isn't known.</param>
    /// <param name="since">A look at the catalogue that was asked for before this timestamp doesn't suffice.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<FreshnessRequirement> PassAsync(
        string projection,
        Func<Position, CatalogueLook?, FreshnessRequirement?> requirement,
        Lsn before,
        long since,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var changed = progress.Changed(); // before it is read
            if (progress.Of(projection) is var (source, applied, catalogue))
            {
                var required = requirement(applied, catalogue);
                if (required?.IsMetBy(applied) == true)
                    return required;
                wanted.Send(new WantedLsn(source, required?.Reach ?? before), since);
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
