using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Configuration;
using Strangler.Projections;

namespace Strangler.Gateway.Shadowing;

/// <summary>
/// Compares one sampled request. 1. Get the bracket around its answer. 2. Compare each unit with its moments. 3.
/// Compare units that equal none with mixes. 4. For the remaining units, ask legacy again, once and then twice in a
/// row, until the unit is quiet. 5. Diagnose what is wrong. This class waits and calls; <see cref="ComparisonState"/>
/// decides what the next step is, and <see cref="VerdictEvaluator"/> what a unit's verdict is.
/// </summary>
internal sealed class ComparisonRun(
    ShadowModel options,
    ProjectionId projection,
    IReadOnlyList<string> keys,
    VerdictEvaluator evaluator,
    IMoments moments,
    ISourceLooks looks,
    ILegacyReplay legacy,
    FormDiagnosis? forms = null
)
{
    private readonly IReadOnlyList<string> _distinct = [.. keys.Distinct(StringComparer.Ordinal)];
    private readonly BracketEvaluator _brackets = new(options, projection, keys, moments, looks);

    /// <summary>The last two answers of legacy; at first, both are the sampled one.</summary>
    private (AskedAnswer First, AskedAnswer Second) _asked;

    /// <summary>The look that ends the bracket around them.</summary>
    private TakenLook? _after;

    private BracketCandidates? _around;

    /// <summary>When the watermark had passed the first bracket. Null until then.</summary>
    public DateTimeOffset? PassedAt { get; private set; }

    /// <summary>
    /// Whether a fault of Strangler itself was found: the store holds something other than f's result. This raises an
    /// alarm.
    /// </summary>
    public bool EngineAtFault { get; private set; }

    /// <param name="sampled">The answer that a client got, or that legacy gave after the lookup.</param>
    /// <param name="before">
    /// The last look received before its request was sent, earlier by <see cref="ShadowModel.LegacyStaleness"/>.
    /// </param>
    public async ValueTask<IReadOnlyList<PartVerdict>> RunAsync(
        LegacyAnswer sampled,
        TakenLook before,
        CancellationToken cancellationToken
    )
    {
        if (sampled.Answer is not { } answer)
            return
            [
                VerdictEvaluator.Judge(
                    new Unit.Whole(_distinct.Count == 1 ? _distinct[0] : null),
                    null,
                    new Verdict.Incomparable(sampled.Incomparable ?? IncomparableReason.Unreadable)
                ),
            ];
        var first = new AskedAnswer(sampled, before, await evaluator.TakeAsync(answer));
        _asked = (first, first);
        var state = ComparisonState.Begin(Unit.AllOf(first.Pieces, _distinct), options.AgainTimes);
        while (state.Step is not ComparisonStep.End)
        {
            var open = state.Open.Select(open => open.Unit).ToList();
            state = state.After(await RunAsync(state.Step, open, cancellationToken));
        }
        return [.. state.Settled.Select(settled => settled.Judged)];
    }

    private ValueTask<ComparisonOutcome> RunAsync(
        ComparisonStep step,
        IReadOnlyList<Unit> open,
        CancellationToken cancellationToken
    ) =>
        step switch
        {
            ComparisonStep.CompareMoments => CompareMomentsAsync(open, cancellationToken), // 1., 2.
            ComparisonStep.CompareMixes(var units) => CompareMixesAsync(units, cancellationToken), // 3.
            ComparisonStep.AskAgain(var times, var pause) => AskAgainAsync(times, pause, cancellationToken), // 4.
            ComparisonStep.ComparePair => ComparePairAsync(open, cancellationToken),
            ComparisonStep.CompareLast => CompareLastAsync(open, cancellationToken),
            ComparisonStep.Diagnose(var wrong) => DiagnoseAsync(wrong, cancellationToken), // 5.
            _ => throw new InvalidOperationException($"There is no step such as {step}."),
        };

    private async ValueTask<ComparisonOutcome> CompareMomentsAsync(
        IReadOnlyList<Unit> open,
        CancellationToken cancellationToken
    )
    {
        _after = await looks.AfterAsync(_asked.Second.Answer.Ended, cancellationToken);
        var found = await _brackets.EvaluateAsync(_asked.First, _asked.Second, _after, cancellationToken);
        if (found.Bracket is not { } bracket)
            return new ComparisonOutcome.Unknown(found.Reason, found.Detail);
        PassedAt = bracket.Found.PassedAt;
        return await CompareAsync(open, bracket);
    }

    private async ValueTask<ComparisonOutcome> CompareMixesAsync(
        IReadOnlyList<Unit> units,
        CancellationToken cancellationToken
    )
    {
        var question = _brackets.Question(_asked.First, _asked.Second, _after!) with { Mixes = true };
        var found = await _brackets.EvaluateAsync(question, cancellationToken);
        if (found.Bracket is not { } mixed)
            return new ComparisonOutcome.Unknown(found.Reason, found.Detail);
        var judged = new List<(Unit, PartVerdict)>();
        foreach (var unit in units)
        {
            if (await evaluator.OfMixesAsync(unit, _asked.Second.Pieces, mixed) is { } torn)
                judged.Add((unit, torn));
        }
        return new ComparisonOutcome.Judged(judged);
    }

    /// <summary>Each call has its own looks around it.</summary>
    private async ValueTask<ComparisonOutcome> AskAgainAsync(int times, int pause, CancellationToken cancellationToken)
    {
        if (pause > 0)
            await legacy.PauseAsync(pause, cancellationToken);
        for (; times > 0; times--)
        {
            if (!await legacy.MayAskAsync(cancellationToken))
                return new ComparisonOutcome.NotPermitted();
            var (again, before) = await BracketedAsk.AskAsync(legacy, looks, options, cancellationToken);
            if (before is null)
                return new ComparisonOutcome.Unknown(Doubt.Unavailable, BracketEvaluator.NotSeen);
            if (again.Answer is not { } answer)
                return new ComparisonOutcome.Unknown(Doubt.SecondIncomparable, $"{again.Incomparable}");
            _asked = (_asked.Second, new AskedAnswer(again, before, await evaluator.TakeAsync(answer)));
        }
        return new ComparisonOutcome.Answered();
    }

    private async ValueTask<ComparisonOutcome> ComparePairAsync(
        IReadOnlyList<Unit> open,
        CancellationToken cancellationToken
    )
    {
        _after = await looks.LookAsync(cancellationToken);
        var found = await _brackets.EvaluateAsync(_asked.First, _asked.Second, _after, cancellationToken);
        if (found.Bracket is not { } around)
            return new ComparisonOutcome.Unknown(found.Reason, found.Detail);
        _around = around;
        var verdicts = new List<(Unit, PartVerdict)>();
        foreach (var unit in open)
        {
            if (await evaluator.OfTwoAsync(unit, _asked.First.Pieces, _asked.Second.Pieces, around) is { } judged)
                verdicts.Add((unit, judged));
        }
        return new ComparisonOutcome.Judged(verdicts);
    }

    private async ValueTask<ComparisonOutcome> CompareLastAsync(
        IReadOnlyList<Unit> open,
        CancellationToken cancellationToken
    )
    {
        var found = await _brackets.EvaluateAsync(_asked.Second, _asked.Second, _after, cancellationToken);
        return found.Bracket is { } own
            ? await CompareAsync(open, own)
            : new ComparisonOutcome.Unknown(found.Reason, found.Detail);
    }

    private async ValueTask<ComparisonOutcome> DiagnoseAsync(
        IReadOnlyList<(Unit Unit, PartVerdict Judged)> wrong,
        CancellationToken cancellationToken
    )
    {
        var question = _brackets.Question(_asked.First, _asked.Second, _after!);
        var diagnosis = new WrongDiagnosis(
            question,
            _after!.Generation,
            _around!.Found.To,
            _asked.Second.Pieces,
            evaluator,
            _brackets,
            looks,
            (unit, token) =>
                forms?.FindAsync(unit, _asked.First, _asked.Second, question, evaluator, _brackets, token) ?? default
        );
        var verdicts = new List<(Unit, PartVerdict)>();
        foreach (var (unit, judged) in wrong)
        {
            var diagnosed = await diagnosis.OfAsync(unit, judged, cancellationToken);
            EngineAtFault |= diagnosed.Verdict is Verdict.Wrong { Cause: WrongCause.Engine };
            verdicts.Add((unit, diagnosed));
        }
        return new ComparisonOutcome.Judged(verdicts);
    }

    private async ValueTask<ComparisonOutcome> CompareAsync(IReadOnlyList<Unit> open, BracketCandidates bracket)
    {
        var findings = new List<(Unit, Finding)>();
        foreach (var unit in open)
            findings.Add((unit, await evaluator.OfOneAsync(unit, _asked.Second.Pieces, bracket)));
        return new ComparisonOutcome.Compared(findings, [.. open.Where(unit => !bracket.Quiet(unit))]);
    }
}
