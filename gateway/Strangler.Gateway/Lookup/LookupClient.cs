using Microsoft.Extensions.Logging;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Stages;
using Strangler.Projections;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Lookup;

/// <summary>
/// Asks the lookup. 1. Find the documents, within the route's timeout. 2. Check whether they may answer. 3. Call
/// Respond, within its limit. 4. Check its answer. Every failure becomes a reason for the call graph.
/// </summary>
internal sealed partial class LookupClient(
    IAnswers answers,
    StoreCircuit circuit,
    WatermarkAges ages,
    RespondWorkers workers,
    StageTable stages,
    TimeProvider time,
    ILogger<LookupClient> logger
)
{
    /// <summary>
    /// A look-up takes milliseconds. If its client leaves after this time, it counts as one that the store didn't
    /// answer.
    /// </summary>
    internal static readonly TimeSpan LongWait = TimeSpan.FromMilliseconds(250);

    /// <param name="required">What the documents must have; null if their age suffices.</param>
    public async ValueTask<LookupOutcome> AskAsync(
        GatewayRoute route,
        RouteLookupModel lookup,
        RoutingDecision.FromLookup decision,
        CancellationToken cancellationToken,
        FreshnessRequirement? required = null
    )
    {
        var distinct = decision.Keys.Count == 1 ? decision.Keys : [.. decision.Keys.Distinct(StringComparer.Ordinal)];
        var (findings, reason) = await FindAsync(lookup, distinct, cancellationToken); // 1.
        if (findings is null)
            return new LookupOutcome.CallGraph(reason);
        if (required is not null && !required.IsMetBy(findings.Watermark))
            return new LookupOutcome.CallGraph(CallGraphReason.FreshnessLate);
        var age = findings.Watermark is { } watermark ? ages.Of(watermark) : null;
        switch (LookupEligibility.Of(lookup, decision.Keys, distinct, findings, age, time.GetUtcNow())) // 2.
        {
            case LookupEligibility.Refused refused:
                return new LookupOutcome.CallGraph(refused.Reason) { LegacyReason = refused.LegacyReason };
            case LookupEligibility.Answerable answerable:
                return await RespondAsync(route, lookup, decision.Request, answerable, cancellationToken);
            default:
                throw new InvalidOperationException("A judgement has two cases.");
        }
    }

    private async ValueTask<(Findings? Findings, CallGraphReason Reason)> FindAsync(
        RouteLookupModel lookup,
        IReadOnlyList<string> keys,
        CancellationToken cancellationToken
    )
    {
        if (circuit.IsOpen)
            return (null, CallGraphReason.CircuitOpen);
        var began = time.GetTimestamp();
        using var timeout = new CancellationTokenSource(lookup.LookupTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var finding = answers.FindAsync(lookup.Responder.Projection, keys, linked.Token);
            // WaitAsync in addition to the token: a driver that ignores its token must not delay the request
            var found = finding.IsCompletedSuccessfully
                ? finding.Result
                : await finding.AsTask().WaitAsync(linked.Token);
            circuit.Answered();
            return (found, default);
        }
        catch (AnswersUnavailableException exception) when (!timeout.IsCancellationRequested)
        {
            circuit.Failed(CallGraphReason.StoreUnavailable.Text(), exception.Message);
            return (null, CallGraphReason.StoreUnavailable);
        }
        catch (Exception exception)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                // If clients time out before the route does, a hanging store would never be detected: no client waits
                // long enough.
                if (time.GetElapsedTime(began) >= LongWait)
                    circuit.Failed(CallGraphReason.LookupTimeout.Text());
                cancellationToken.ThrowIfCancellationRequested();
            }
            if (timeout.IsCancellationRequested)
            {
                circuit.Failed(CallGraphReason.LookupTimeout.Text());
                return (null, CallGraphReason.LookupTimeout);
            }
            LookupFailed(exception, lookup.Responder.Projection.Name);
            return (null, CallGraphReason.LookupFailed);
        }
    }

    private async ValueTask<LookupOutcome> RespondAsync(
        GatewayRoute route,
        RouteLookupModel lookup,
        AnswerRequest request,
        LookupEligibility.Answerable answerable,
        CancellationToken cancellationToken
    )
    {
        switch (
            await workers.RunAsync(
                lookup.Responder,
                request,
                answerable.Documents,
                lookup.RespondLimit,
                route.RespondGuard,
                cancellationToken
            )
        ) // 3.
        {
            case RespondOutcome.Made { Answer.LegacyReason: { } reason }:
                return new LookupOutcome.CallGraph(CallGraphReason.AskLegacy) { LegacyReason = reason };
            case RespondOutcome.Made made when AnswerRules.Allow(made.Answer):
                return new LookupOutcome.Answered(RouteHeaders.AddTo(made.Answer, lookup), answerable.Age); // 4.
            case RespondOutcome.Made:
                return new LookupOutcome.CallGraph(CallGraphReason.AnswerInvalid);
            case RespondOutcome.Busy:
                return new LookupOutcome.CallGraph(CallGraphReason.RespondBusy);
            case RespondOutcome.Threw threw:
                RespondThrew(threw.Exception, route.Model.RouteId);
                return new LookupOutcome.CallGraph(CallGraphReason.RespondThrew);
            case RespondOutcome.Overran:
                PutBackIfStuck(route, lookup);
                return new LookupOutcome.CallGraph(CallGraphReason.RespondOverran);
            default:
                throw new InvalidOperationException("Respond ends in four ways.");
        }
    }

    private void PutBackIfStuck(GatewayRoute route, RouteLookupModel lookup)
    {
        if (!route.RespondGuard.Tripped)
            return;
        var why =
            $"Respond of '{lookup.Responder.Projection.Name}' overran its limit of "
            + $"{lookup.RespondLimit.TotalMilliseconds:0} ms {route.RespondGuard.Stuck} times and did not return.";
        if (stages.TryPutBack(route.Model.RouteId, why))
            RoutePutBack(route.Model.RouteId, why);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking up documents of '{Projection}' failed unexpectedly.")]
    private partial void LookupFailed(Exception exception, string projection);

    [LoggerMessage(
        Level = LogLevel.Warning,
        Message = "Respond threw for a request of route '{RouteId}', which went to the call graph."
    )]
    private partial void RespondThrew(Exception exception, string routeId);

    [LoggerMessage(Level = LogLevel.Error, Message = "Route '{RouteId}' is put back to legacy: {Why}")]
    private partial void RoutePutBack(string routeId, string why);
}
