using Strangler.Comparing.Verdicts;
using Xunit;

namespace Strangler.Comparing.Tests;

/// <summary>What each step showed, and which one follows.</summary>
public sealed class ComparisonStateTests
{
    private static readonly Unit A = new Unit.Part("a");
    private static readonly Unit B = new Unit.Part("b");

    private static readonly ComparisonOutcome Answered = new ComparisonOutcome.Answered();
    private static readonly ComparisonOutcome Late = new ComparisonOutcome.Unknown(Doubt.WatermarkLate, "late");

    /// <summary>A equals a moment, B equals none, and nothing changed.</summary>
    private static readonly ComparisonOutcome OneDiffers = Compared([(A, Match(A)), (B, Open(B, "$.x"))]);

    /// <summary>The same while both changed.</summary>
    private static readonly ComparisonOutcome OneDiffersBusy = Compared([(A, Match(A)), (B, Open(B, "$.x"))], A, B);

    private static readonly ComparisonOutcome BothDiffer = Compared([(A, Open(A, "$.w")), (B, Open(B, "$.x"))]);

    /// <summary>The outcomes so far, how often legacy may be asked, and what is then to be done and known.</summary>
    private static readonly IReadOnlyDictionary<string, Row> Rows = new Dictionary<string, Row>
    {
        ["nothing yet"] = new(5, [], "moments; a? ; b? "),
        ["first bracket unknown"] = new(5, [Late], "end; a: WatermarkLate late; b: WatermarkLate late"),
        ["all equal a moment"] = new(5, [Compared([(A, Match(A)), (B, Match(B))], A)], "end; a: Match; b: Match"),
        ["one equals none"] = new(5, [OneDiffers], "ask 1; a: Match; b? $.x"),
        ["one equals none and changed"] = new(5, [OneDiffersBusy], "mixes b; a: Match; b? $.x"),
        ["a mix is equal"] = new(5, [OneDiffersBusy, Judged(Torn(B))], "end; a: Match; b: Torn"),
        ["no mix is equal"] = new(5, [OneDiffersBusy, Judged()], "ask 1; a: Match; b? $.x"),
        ["mixes unknown"] = new(5, [OneDiffersBusy, Late], "ask 1; a: Match; b? $.x"),
        ["legacy may never be asked"] = new(0, [OneDiffers], "end; a: Match; b: NoBudget $.x"),
        ["legacy may not be asked now"] = new(
            5,
            [OneDiffers, new ComparisonOutcome.NotPermitted()],
            "end; a: Match; b: NoBudget $.x"
        ),
        ["legacy's answer unknown"] = new(5, [OneDiffers, Late], "end; a: Match; b: WatermarkLate late"),
        ["legacy has answered"] = new(5, [OneDiffers, Answered], "pair; a: Match; b? $.x"),
        ["pair unknown"] = new(5, [OneDiffers, Answered, Late], "end; a: Match; b: WatermarkLate late"),
        ["pair equal"] = new(5, [OneDiffers, Answered, Judged(Equal(B))], "end; a: Match; b: Match"),
        ["pair while it changed"] = new(5, [OneDiffers, Answered, Judged()], "last; a: Match; b? $.x"),
        ["pair wrong"] = new(5, [BothDiffer, Answered, Judged(Wrong(A))], "diagnose a; a: Projection; b? $.x"),
        ["pair wrong, others equal"] = new(
            5,
            [BothDiffer, Answered, Judged(Wrong(A), Equal(B))],
            "diagnose a; a: Projection; b: Match"
        ),
        ["cause found"] = new(
            5,
            [BothDiffer, Answered, Judged(Wrong(A), Equal(B)), Judged(Wrong(A, WrongCause.Behind))],
            "end; a: Behind; b: Match"
        ),
        ["cause found, others open"] = new(
            5,
            [BothDiffer, Answered, Judged(Wrong(A)), Judged(Wrong(A, WrongCause.Engine))],
            "last; a: Engine; b? $.x"
        ),
        ["last answer unknown"] = new(
            5,
            [OneDiffers, Answered, Judged(), Late],
            "end; a: Match; b: WatermarkLate late"
        ),
        ["last answer equal"] = new(
            5,
            [OneDiffers, Answered, Judged(), Compared([(B, Match(B))], B)],
            "end; a: Match; b: Match"
        ),
        ["last answer differs"] = new(
            5,
            [OneDiffers, Answered, Judged(), Compared([(B, Open(B, "$.y"))], B)],
            "ask 2; a: Match; b? $.x"
        ),
        ["last answer in doubt"] = new(
            5,
            [OneDiffers, Answered, Judged(), Compared([(B, new Finding.Settled(Doubtful(B, "threw")))])],
            "ask 2; a: Match; b? $.x"
        ),
        ["second round"] = new(5, [OneDiffers, .. Restless, Answered], "pair; a: Match; b? $.x"),
        ["third round"] = new(5, [OneDiffers, .. Restless, .. Restless], "ask 2 after pause 1; a: Match; b? $.x"),
        ["fourth round"] = new(
            7,
            [OneDiffers, .. Restless, .. Restless, .. Restless],
            "ask 2 after pause 2; a: Match; b? $.x"
        ),
        ["never at rest"] = new(
            5,
            [OneDiffers, .. Restless, .. Restless, .. Restless],
            "end; a: Match; b: NeverAtRest $.x"
        ),
        ["too few asks left for a round"] = new(2, [OneDiffers, .. Restless], "end; a: Match; b: NeverAtRest $.x"),
    };

    public static TheoryData<string> Outcomes => [.. Rows.Keys];

    [Theory]
    [MemberData(nameof(Outcomes))]
    public void After_Outcome_IsTheNextStep(string outcome)
    {
        var (maxAsks, outcomes, expected) = Rows[outcome];

        var state = outcomes.Aggregate(ComparisonState.Begin([A, B], maxAsks), (state, shown) => state.After(shown));

        Assert.Equal(expected, Text(state));
    }

    [Fact]
    public void After_OutcomeOfAnotherStep_IsRefused() =>
        Assert.Throws<InvalidOperationException>(() => ComparisonState.Begin([A], 5).After(Answered));

    /// <summary>A round in which B changes all the time.</summary>
    private static IReadOnlyList<ComparisonOutcome> Restless =>
        [Answered, Judged(), Compared([(B, Open(B, "$.y"))], B)];

    private static string Text(ComparisonState state) =>
        string.Join(
            "; ",
            [
                Text(state.Step),
                .. state.Settled.Select(one => $"{one.Unit.Key}: {Text(one.Judged.Verdict)}"),
                .. state.Open.Select(one => $"{one.Unit.Key}? {((Verdict.Undetermined)one.Nearest.Verdict).Detail}"),
            ]
        );

    private static string Text(ComparisonStep step) =>
        step switch
        {
            ComparisonStep.CompareMoments => "moments",
            ComparisonStep.CompareMixes(var units) => $"mixes {string.Join(' ', units.Select(unit => unit.Key))}",
            ComparisonStep.AskAgain(var times, 0) => $"ask {times}",
            ComparisonStep.AskAgain(var times, var pause) => $"ask {times} after pause {pause}",
            ComparisonStep.ComparePair => "pair",
            ComparisonStep.Diagnose(var wrong) => $"diagnose {string.Join(' ', wrong.Select(one => one.Unit.Key))}",
            ComparisonStep.CompareLast => "last",
            _ => "end",
        };

    private static string Text(Verdict verdict) =>
        verdict switch
        {
            Verdict.Undetermined(var reason, var detail) => $"{reason} {detail}",
            Verdict.Wrong { Cause: var cause } => $"{cause}",
            _ => verdict.GetType().Name,
        };

    private static ComparisonOutcome.Compared Compared(
        IReadOnlyList<(Unit Unit, Finding Finding)> findings,
        params Unit[] busy
    ) => new(findings, busy);

    private static ComparisonOutcome.Judged Judged(params (Unit Unit, PartVerdict Judged)[] verdicts) => new(verdicts);

    private static (Unit, PartVerdict) Equal(Unit unit) =>
        (unit, VerdictEvaluator.Judge(unit, null, new Verdict.Match(true, 0)));

    private static (Unit, PartVerdict) Torn(Unit unit) =>
        (unit, VerdictEvaluator.Judge(unit, null, Verdict.Torn.Value));

    private static (Unit, PartVerdict) Wrong(Unit unit, WrongCause cause = WrongCause.Projection) =>
        (unit, VerdictEvaluator.Judge(unit, null, new Verdict.Wrong([], cause)));

    private static Finding.Settled Match(Unit unit) => new(Equal(unit).Item2);

    private static Finding.Open Open(Unit unit, string detail) => new(Doubtful(unit, detail));

    private static PartVerdict Doubtful(Unit unit, string detail) =>
        VerdictEvaluator.Doubtful(unit, null, Doubt.NoBudget, detail);

    private sealed record Row(int MaxAsks, IReadOnlyList<ComparisonOutcome> Outcomes, string Expected);
}
