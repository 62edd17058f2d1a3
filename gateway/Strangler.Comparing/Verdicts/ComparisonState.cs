namespace Strangler.Comparing.Verdicts;

/// <summary>What a comparison of one sampled request has found so far, and its next step.</summary>
internal sealed record ComparisonState
{
    private ComparisonState() { }

    public ComparisonStep Step { get; private init; } = new ComparisonStep.CompareMoments();

    /// <summary>The units without a verdict, each with what is to be said if it gets none.</summary>
    public required IReadOnlyList<(Unit Unit, PartVerdict Nearest)> Open { get; init; }

    /// <summary>The units with a verdict, in the order in which they got it.</summary>
    public IReadOnlyList<(Unit Unit, PartVerdict Judged)> Settled { get; private init; } = [];

    /// <summary>How often legacy may still be asked.</summary>
    public required int AsksLeft { get; init; }

    /// <summary>How many rounds of asking legacy again have begun.</summary>
    public int Rounds { get; private init; }

    /// <param name="units">The units of the sampled answer.</param>
    /// <param name="maxAsks">How often legacy may be asked again.</param>
    public static ComparisonState Begin(IEnumerable<Unit> units, int maxAsks) =>
        new()
        {
            Open = [.. units.Select(unit => (unit, VerdictEvaluator.Doubtful(unit, null, Doubt.Unavailable, "")))],
            AsksLeft = maxAsks,
        };

    /// <summary>The state after <see cref="Step"/>.</summary>
    public ComparisonState After(ComparisonOutcome outcome) =>
        (Step, outcome) switch
        {
            (ComparisonStep.AskAgain, ComparisonOutcome.Answered) => With(new ComparisonStep.ComparePair()),
            (_, ComparisonOutcome.NotPermitted) => Ended(Doubt.NoBudget),
            // the next answer may still settle a torn one
            (ComparisonStep.CompareMixes, ComparisonOutcome.Unknown) => NextRound(),
            (_, ComparisonOutcome.Unknown(var reason, var detail)) => Ended(reason, detail),
            (ComparisonStep.CompareMoments, ComparisonOutcome.Compared(var findings, var busy)) => Found(findings)
                .AfterMoments(busy),
            (ComparisonStep.CompareLast, ComparisonOutcome.Compared(var findings, _)) => Found([
                    .. findings.Where(found => found.Finding is Finding.Settled { Judged.Verdict: Verdict.Match }),
                ])
                .NextRound(),
            (ComparisonStep.CompareMixes, ComparisonOutcome.Judged(var judged)) => Settle(judged).NextRound(),
            (ComparisonStep.ComparePair, ComparisonOutcome.Judged(var judged)) => Settle(judged).AfterPair(judged),
            (ComparisonStep.Diagnose, ComparisonOutcome.Judged(var judged)) => Settle(judged).AfterPair([]),
            _ => throw new InvalidOperationException($"{outcome} is not an outcome of {Step}."),
        };

    private ComparisonState AfterMoments(IReadOnlyList<Unit> busy)
    {
        var mixed = Open.Select(open => open.Unit).Intersect(busy).ToList();
        return mixed.Count > 0 ? With(new ComparisonStep.CompareMixes(mixed)) : NextRound();
    }

    private ComparisonState AfterPair(IReadOnlyList<(Unit Unit, PartVerdict Judged)> judged)
    {
        var wrong = judged.Where(one => one.Judged.Verdict is Verdict.Wrong).ToList();
        return wrong.Count > 0 ? With(new ComparisonStep.Diagnose(wrong))
            : Open.Count > 0 ? With(new ComparisonStep.CompareLast())
            : With(new ComparisonStep.End());
    }

    /// <summary>
    /// The first round asks once, since the sampled answer may be the other half of a quiet pair. Each further round
    /// asks twice in a row, from the third on after a pause.
    /// </summary>
    private ComparisonState NextRound()
    {
        if (Open.Count == 0)
            return With(new ComparisonStep.End());
        var times = Rounds == 0 ? 1 : 2;
        return AsksLeft < times
            ? Ended(Rounds == 0 ? Doubt.NoBudget : Doubt.NeverAtRest)
            : With(new ComparisonStep.AskAgain(times, Math.Max(0, Rounds - 1))) with
            {
                AsksLeft = AsksLeft - times,
                Rounds = Rounds + 1,
            };
    }

    private ComparisonState With(ComparisonStep step) => this with { Step = step };

    /// <summary>Settles what is still open with a reason.</summary>
    /// <param name="reason">The reason.</param>
    /// <param name="detail">Null: each unit keeps what it was last found to differ at.</param>
    private ComparisonState Ended(Doubt reason, string? detail = null) =>
        Settle([
                .. Open.Select(open =>
                    (
                        open.Unit,
                        open.Nearest with
                        {
                            Verdict = new Verdict.Undetermined(
                                reason,
                                detail ?? ((Verdict.Undetermined)open.Nearest.Verdict).Detail
                            ),
                        }
                    )
                ),
            ])
            .With(new ComparisonStep.End());

    private ComparisonState Found(IReadOnlyList<(Unit Unit, Finding Finding)> findings)
    {
        var nearest = new Dictionary<Unit, PartVerdict>();
        var settled = new List<(Unit Unit, PartVerdict Judged)>();
        foreach (var (unit, finding) in findings)
        {
            if (finding is Finding.Settled { Judged: var judged })
                settled.Add((unit, judged));
            else if (finding is Finding.Open { Nearest: var near })
                nearest.Add(unit, near);
        }
        return (
            this with
            {
                Open = [.. Open.Select(open => (open.Unit, nearest.GetValueOrDefault(open.Unit, open.Nearest)))],
            }
        ).Settle(settled);
    }

    /// <summary>Gives open units their verdict, and settled ones another one.</summary>
    private ComparisonState Settle(IReadOnlyList<(Unit Unit, PartVerdict Judged)> judged)
    {
        var verdicts = judged.ToDictionary(one => one.Unit, one => one.Judged);
        return this with
        {
            Open = [.. Open.Where(open => !verdicts.ContainsKey(open.Unit))],
            Settled =
            [
                .. Settled.Select(old => (old.Unit, verdicts.GetValueOrDefault(old.Unit, old.Judged))),
                .. Open.Where(open => verdicts.ContainsKey(open.Unit)).Select(open => (open.Unit, verdicts[open.Unit])),
            ],
        };
    }
}
