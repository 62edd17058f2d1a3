using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Gateway.Forwarding;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Stages;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Compares samples in the background, for each route up to its limit at once. Respond runs on the comparisons' own
/// threads, so a call that hangs doesn't affect the lookup. At shutdown, samples that wait or are being compared are
/// counted as not compared.
/// </summary>
internal sealed partial class ShadowWorkers : BackgroundService
{
    private const int RespondPlaces = 2;

    /// <summary>The memory that Respond uses temporarily, as a multiple of its documents.</summary>
    private const int RespondCopies = 3;

    /// <summary>
    /// The memory of a look-up, as a multiple of legacy's answer: the document, and what Respond uses and creates.
    /// </summary>
    private const int LookupCopies = 5;
    private readonly ShadowRoutes _routes;
    private readonly BoundedMoments _bounded;
    private readonly ChunkedMoments _moments;
    private readonly ISourceLooks _looks;
    private readonly IEvidence _evidence;
    private readonly UndeclaredDiagnosis _undeclared;
    private readonly RespondWorkers _respond;
    private readonly LookupClient _asking;
    private readonly IServiceProvider _services;
    private readonly RouteTransforms _transforms;
    private readonly TimeProvider _time;
    private readonly ILogger<ShadowWorkers> _logger;

    public ShadowWorkers(
        ShadowRoutes routes,
        IMoments moments,
        ISourceLooks looks,
        IEvidence evidence,
        IMatchHistory matches,
        IAnswers answers,
        StoreCircuit circuit,
        WatermarkAges ages,
        StageTable stages,
        IServiceProvider services,
        RouteTransforms transforms,
        TimeProvider time,
        ILogger<ShadowWorkers> logger,
        ILogger<LookupClient> askingLogger
    )
    {
        (_bounded, _routes, _looks, _evidence, _services, _transforms, _time, _logger) = (
            new BoundedMoments(moments, time),
            routes,
            looks,
            evidence,
            services,
            transforms,
            time,
            logger
        );
        _moments = new ChunkedMoments(_bounded);
        _undeclared = new UndeclaredDiagnosis(matches);
        _respond = new RespondWorkers(RespondPlaces, time);
        _asking = new LookupClient(answers, circuit, ages, _respond, stages, time, askingLogger);
    }

    public override void Dispose()
    {
        _respond.Dispose();
        _bounded.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        var running = new List<Task>();
        try
        {
            await foreach (var route in _routes.Begun.ReadAllAsync(stoppingToken))
            {
                running.RemoveAll(task => task.IsCompleted);
                running.Add(RunAsync(route, stoppingToken));
            }
        }
        finally
        {
            await Task.WhenAll(running);
        }
    }

    /// <summary>
    /// Every sample is accepted at once: their number is bounded by the places. What still waits at shutdown must be
    /// counted, so reading isn't cancelled.
    /// </summary>
    private async Task RunAsync(ShadowRoute route, CancellationToken stoppingToken)
    {
        using var closing = stoppingToken.Register(route.Close);
        var all = new ParallelOptions { MaxDegreeOfParallelism = route.MaxSamples };
        await Parallel.ForEachAsync(
            route.Waiting.ReadAllAsync(CancellationToken.None),
            all,
            (sampled, _) => TakeUpAsync(route, sampled, stoppingToken)
        );
    }

    private async ValueTask TakeUpAsync(ShadowRoute route, ShadowSample sampled, CancellationToken stoppingToken)
    {
        try
        {
            if (stoppingToken.IsCancellationRequested)
                _evidence.Drop(sampled.Scope, DropReason.Ended, sampled.Occasion);
            else
                await CompareAsync(route, sampled, stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            _evidence.Drop(sampled.Scope, DropReason.Ended, sampled.Occasion);
        }
        catch (Exception exception) // nothing here may stop the gateway
        {
            NotCompared(exception, sampled.Scope.Route);
        }
        finally
        {
            sampled.Legacy?.Copy.Dispose();
            sampled.Held.Dispose();
            route.Places.GiveBack(sampled.Place); // last, so that a gate that waited for it finds it in the evidence
        }
    }

    /// <summary>
    /// What the other side says is found at once: the look-up, as it would have been for the client, or legacy's answer
    /// to a request that the lookup answered. The rest is done after the route's delay, within its limit of concurrent
    /// comparisons.
    /// </summary>
    private async Task CompareAsync(ShadowRoute route, ShadowSample sampled, CancellationToken cancellationToken)
    {
        ComparisonRun? run = null;
        VerdictEvaluator? judging = null;
        (TimeSpan? Duration, string? Miss, string? LegacyReason) lookup = (sampled.Answered, null, null);
        var (isInside, isCut) = (false, false);
        IReadOnlyList<PartVerdict> parts;
        var times = sampled.Legacy is { } passed
            ? (passed.Began, passed.Ended, passed.EndedAt)
            : (Began: _time.GetTimestamp(), Ended: _time.GetTimestamp(), EndedAt: _time.GetUtcNow());
        var rules = sampled.Route.Model.Compare;
        var replay = Replay(route, sampled);
        var inputs = UndeclaredDiagnosis.Inputs(sampled.Decision.Request, sampled.Decision.Keys);
        sampled.Held.Stopping = cancellationToken;
        try
        {
            (LegacyAnswer Answer, TakenLook Before)? asked = null;
            if (sampled.Legacy is { } copied)
                lookup = await LookUpAsync(sampled, copied, cancellationToken);
            else
            {
                asked = await AskAsync(route, sampled, replay, cancellationToken);
                if (asked is not var (answer, _))
                    return;
                times = (answer.Began, answer.Ended, answer.EndedAt);
            }
            var rest = route.Options.Delay - _time.GetElapsedTime(times.Ended);
            if (rest > TimeSpan.Zero)
                await Task.Delay(rest, _time, cancellationToken);
            await route.AtOnce.WaitAsync(cancellationToken);
            isInside = true;
            var (legacy, before) =
                asked ?? (await sampled.Legacy!.DecodeAsync(sampled.Held, rules), sampled.Legacy.Before);
            judging = EvaluatorOf(sampled, sampled.Decision.Request, cancellationToken);
            var moments = new BudgetedMoments(_moments, sampled.Held);
            run = new ComparisonRun(
                route.Options,
                sampled.Lookup.Responder.Projection,
                sampled.Decision.Keys,
                judging,
                moments,
                _looks,
                replay,
                new FormDiagnosis(
                    route.Options,
                    sampled.Lookup.Responder,
                    sampled.Decision.Request,
                    request => EvaluatorOf(sampled, request, cancellationToken),
                    moments,
                    _looks,
                    replay,
                    replay
                )
            );
            parts = await run.RunAsync(legacy, before, cancellationToken);
            parts = await _undeclared.OfAsync(sampled.Scope, inputs, parts, cancellationToken);
        }
        catch (BudgetSpentException)
        {
            isCut = true;
            parts = [VerdictEvaluator.Doubtful(Whole(sampled), null, Doubt.NoMemory, "")];
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            NotCompared(exception, sampled.Scope.Route);
            parts =
            [
                VerdictEvaluator.Doubtful(
                    Whole(sampled),
                    null,
                    Doubt.Unavailable,
                    $"A defect of the gateway: {exception.Message}"
                ),
            ];
        }
        finally
        {
            if (isInside)
                route.AtOnce.Release();
            if (sampled.Legacy?.Copy.Length is > 0 and var length)
                route.Estimate.Learn(length, sampled.Held.Peak, isCut);
        }
        if (run is { EngineAtFault: true })
            EngineAtFault(sampled.Scope.Route, sampled.Scope.Projection);
        var late = run?.PassedAt - times.EndedAt;
        _evidence.Add(
            new Comparison(
                sampled.Scope,
                times.EndedAt,
                sampled.Request.Line,
                parts,
                _time.GetElapsedTime(times.Began, times.Ended),
                lookup.Duration,
                lookup.Miss,
                late < TimeSpan.Zero ? TimeSpan.Zero : late
            )
            {
                Occasion = sampled.Occasion,
                LegacyReason = lookup.LegacyReason,
                Inputs = inputs,
                Keys = [.. sampled.Decision.Keys.Distinct(StringComparer.Ordinal)],
                Headers = judging?.Pair is { } pair ? HeaderComparer.List(pair.Legacy, pair.Lookup, rules) : null,
            }
        );
    }

    private VerdictEvaluator EvaluatorOf(
        ShadowSample sampled,
        AnswerRequest request,
        CancellationToken cancellationToken
    ) =>
        new(
            sampled.Route.Model.Compare,
            sampled.Lookup.Responder.Canonical,
            candidate => RespondAsync(sampled, request, candidate, cancellationToken),
            sampled.Held
        );

    /// <summary>
    /// Asks legacy about a request that the lookup answered, within the same budget as asking again. Null, counted, if
    /// that isn't possible.
    /// </summary>
    private async ValueTask<(LegacyAnswer Answer, TakenLook Before)?> AskAsync(
        ShadowRoute route,
        ShadowSample sampled,
        LegacyReplay replay,
        CancellationToken cancellationToken
    )
    {
        if (!await replay.MayAskAsync(cancellationToken))
        {
            _evidence.Drop(sampled.Scope, DropReason.LegacyBudget, sampled.Occasion);
            return null;
        }
        var (answer, before) = await BracketedAsk.AskAsync(replay, _looks, route.Options, cancellationToken);
        if (before is null)
        {
            _evidence.Drop(sampled.Scope, DropReason.NoSight, sampled.Occasion);
            return null;
        }
        await _looks.LookAsync(cancellationToken); // the bracket ends here, and not with the next regular look
        return (answer, before);
    }

    private LegacyReplay Replay(ShadowRoute route, ShadowSample sampled) =>
        new(
            sampled.Request,
            route.Options,
            sampled.Route.Model.Compare,
            route.ReplayTokens,
            sampled.Held,
            sampled.Occasion,
            _services,
            _time,
            sampled.Lookup.Headers
        );

    private static Unit.Whole Whole(ShadowSample sampled) =>
        new(sampled.Decision.Keys.Distinct(StringComparer.Ordinal).ToList() is [var single] ? single : null);

    /// <summary>How long a look-up of the same request takes now, and whether it would have answered.</summary>
    private async ValueTask<(TimeSpan? Duration, string? Miss, string? LegacyReason)> LookUpAsync(
        ShadowSample sampled,
        SampledAnswer copied,
        CancellationToken cancellationToken
    )
    {
        if (sampled.Route.RespondGuard.Tripped)
            return (null, CallGraphReason.RespondBusy.Text(), null);
        // legacy's answer tells the size of its document and answer before they exist
        using var work = await sampled.Held.WorkAsync(LookupCopies * copied.Copy.Length);
        var began = _time.GetTimestamp();
        return await _asking.AskAsync(sampled.Route, sampled.Lookup, sampled.Decision, cancellationToken) switch
        {
            LookupOutcome.CallGraph refused => (null, refused.Reason.Text(), refused.LegacyReason),
            _ => (_time.GetElapsedTime(began), null, null),
        };
    }

    private async ValueTask<CandidateAnswer> RespondAsync(
        ShadowSample sampled,
        AnswerRequest request,
        Candidate candidate,
        CancellationToken cancellationToken
    )
    {
        if (sampled.Route.RespondGuard.Tripped)
            return new CandidateAnswer(null, "Respond hangs: several calls have not returned.");
        // it reads the documents, and writes its answer into a buffer that doubles
        using var work = await sampled.Held.WorkAsync(
            RespondCopies * candidate.Documents.Sum(document => (long)(document.Bytes?.Length ?? 0))
        );
        return await _respond.RunAsync(
            sampled.Lookup.Responder,
            request,
            candidate.Documents,
            sampled.Lookup.RespondLimit,
            sampled.Route.RespondGuard,
            cancellationToken
        ) switch
        {
            RespondOutcome.Made { Answer.LegacyReason: { } reason } => new CandidateAnswer { LegacyReason = reason },
            RespondOutcome.Made made when AnswerRules.Allow(made.Answer) => Hold(
                await TransformedAsync(sampled, RouteHeaders.AddTo(made.Answer, sampled.Lookup))
            ),
            RespondOutcome.Made => new CandidateAnswer(null, "Respond made an answer that HTTP does not allow."),
            RespondOutcome.Threw threw => new CandidateAnswer(
                null,
                $"Respond threw {threw.Exception.GetType().Name}: {threw.Exception.Message}"
            ),
            RespondOutcome.Overran => new CandidateAnswer(
                null,
                $"Respond overran its limit of {sampled.Lookup.RespondLimit.TotalMilliseconds:0} ms."
            ),
            _ => new CandidateAnswer(null, "Respond got no thread within its limit."),
        };

        CandidateAnswer Hold(Answer answer)
        {
            // often it is the document itself
            var isNew = !candidate.Documents.Any(document =>
                document.Bytes is { } bytes && bytes.Span.Overlaps(answer.Body.Span)
            );
            if (isNew)
                sampled.Held.Take(answer.Body.Length);
            return new CandidateAnswer(answer, null);
        }
    }

    /// <summary>
    /// Legacy's answer was copied after the route's response transforms, so they are applied to the lookup's answer
    /// too.
    /// </summary>
    private async ValueTask<Answer> TransformedAsync(ShadowSample sampled, Answer answer) =>
        _transforms.ChangesAnswers(sampled.Scope.Route) ? await sampled.Request.TransformAsync(answer) : answer;

    [LoggerMessage(Level = LogLevel.Error, Message = "A comparison of route '{RouteId}' failed unexpectedly.")]
    private partial void NotCompared(Exception exception, string routeId);

    [LoggerMessage(
        Level = LogLevel.Error,
        Message = "Route '{RouteId}': a stored document of '{Projection}' is not what the projection makes of its "
            + "rows. That is a fault of Strangler, and not of the projection."
    )]
    private partial void EngineAtFault(string routeId, string projection);
}
