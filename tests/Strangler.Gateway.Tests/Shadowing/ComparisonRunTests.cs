using Strangler.ChangeLog;
using Strangler.Comparing.Paths;
using Strangler.Comparing.Rules;
using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>A comparison step by step: the questions, and the consequence of each answer.</summary>
public sealed class ComparisonRunTests : ComparisonRunBench
{
    [Fact]
    public async Task Run_EqualToALaterMoment_IsABusyMatchAndNobodyIsAskedAgain()
    {
        Moments(["""{"a":1}""", """{"a":2}"""]);

        Assert.Equal(new Verdict.Match(false, 1), await VerdictAsync("""{"a":2}"""));
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task Run_Match_NamesTheKeysThatHadADocumentAtTheMomentThatItEquals()
    {
        var parts = ComparisonRules.Exact with
        {
            Parts = new PartsRule(PathPattern.Parse("$.items[*]"), PathPattern.Parse("$.id")),
        };
        _moments.Instead = (_, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(FakeMoments.Key("7", [null, """{"id":"7"}"""]), FakeMoments.Key("8", [null]))
            );

        var whole = await RunAsync("""{"items":[{"id":"7"}]}""", ComparisonRules.Exact, "7", "8");
        var none = await RunAsync("""{"items":[]}""", ComparisonRules.Exact, "7", "8");
        var apart = await RunAsync("""{"items":[{"id":"7"}]}""", parts, "7", "8");

        Assert.Equal(["7"], Assert.Single(whole).Existing);
        Assert.Empty(Assert.Single(none).Existing);
        Assert.Equal(["7: 7", "8: ", ": "], apart.Select(part => $"{part.Unit}: {string.Join(' ', part.Existing)}"));
        Assert.All([.. whole, .. none, .. apart], part => Assert.IsType<Verdict.Match>(part.Verdict));
    }

    [Fact]
    public async Task Run_FAsksLegacy_IsNeitherAMatchNorWrongAndNobodyIsAskedAgain()
    {
        Moments([FakeMoments.AsksLegacy]);

        var asked = await VerdictAsync("""{"a":1}""");
        Moments(["""{"a":1}""", FakeMoments.AsksLegacy]);
        var matched = await VerdictAsync("""{"a":1}""");

        Assert.Equal(new Verdict.Undetermined(Doubt.AskLegacy, "unsure"), asked);
        Assert.Equal(new Verdict.Match(false, 1), matched);
        Assert.Equal(0, _asked);
    }

    /// <summary>Legacy's 404 equals an absent key, but not one for which f asks legacy.</summary>
    [Fact]
    public async Task Run_FAsksLegacyForOneOfTwoKeys_SaysNothingOfBoth()
    {
        _moments.Instead = (_, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(FakeMoments.Key("7", [FakeMoments.AsksLegacy]), FakeMoments.Key("8", ["""{"id":"8"}"""]))
            );

        var judged = Assert.Single(await RunAsync("""{"items":[{"id":"8"}]}""", ComparisonRules.Exact, "7", "8"));

        Assert.Equal(new Verdict.Undetermined(Doubt.AskLegacy, "unsure"), judged.Verdict);
        Assert.Empty(judged.Existing);
    }

    [Fact]
    public async Task Run_EqualToAMix_IsTornAndNobodyIsAskedAgain()
    {
        _moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(
                    FakeMoments.Key(
                        "7",
                        ["""{"a":1,"b":1}""", """{"a":2,"b":2}"""],
                        question.Mixes ? ["""{"a":1,"b":2}"""] : []
                    )
                )
            );

        Assert.Equal(Verdict.Torn.Value, await VerdictAsync("""{"a":1,"b":2}"""));
        Assert.Equal([false, true], _moments.Asked.Select(question => question.Mixes));
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task Run_DiffersAndTheSecondMatches_IsAMatchOnceTheBracketAroundBothIsBusy()
    {
        var brackets = new Queue<string?[]>([
            ["""{"a":1}""", """{"a":2}"""],
            ["""{"a":1}""", """{"a":2}"""],
            ["""{"a":1}""", """{"a":3}"""],
            ["""{"a":3}"""],
        ]);
        _moments.Instead = (_, _) =>
            Task.FromResult<BracketFound>(FakeMoments.Of(FakeMoments.Key("7", brackets.Dequeue())));
        Answer("""{"a":3}""");

        Assert.Equal(new Verdict.Match(true, 0), await VerdictAsync("""{"a":9}"""));
        Assert.Equal(1, _asked);
    }

    [Fact]
    public async Task Run_TwoAlikeInAQuietBracket_AreWrong()
    {
        Moments(["""{"a":1}"""]);
        Answer("""{"a":9}""");

        var judged = Assert.Single(await RunAsync("""{"a":9}"""));

        var wrong = Assert.IsType<Verdict.Wrong>(judged.Verdict);
        Assert.Equal(
            ("$.a", "9", "1", WrongCause.Projection),
            (wrong.Differences.Single().Path, wrong.Differences[0].Legacy, wrong.Differences[0].Lookup, wrong.Cause)
        );
        Assert.Equal(1, _asked);
        Assert.True(_moments.Asked.Last().Diagnose);
    }

    [Fact]
    public async Task Run_WrongAndAlikeWithoutSomeHeaders_IsTheRequestsAndNamesTheFewest()
    {
        Moments(["""{"a":1}"""]);
        _headers.AddRange(["x-a", "x-b"]);
        foreach (var a in new[] { 9, 1, 9, 1 })
            Answer($$"""{"a":{{a}}}""");

        var wrong = Assert.IsType<Verdict.Wrong>(await VerdictAsync("""{"a":9}"""));

        Assert.Equal(["x-a,x-b", "x-a", "x-b"], _without);
        Assert.Equal(WrongCause.Request, wrong.Cause);
        Assert.StartsWith("Without the request header 'x-b',", wrong.Form, StringComparison.Ordinal);
    }

    /// <summary>No leave to ask; and an answer that says nothing, because the key may have changed.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(100, false)]
    public async Task Run_WrongAndNothingKnownWithoutHeaders_IsTheProjections(int leave, bool quiet)
    {
        _leave = leave;
        _headers.Add("x-a");
        _moments.Instead = (_, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(
                    FakeMoments.Key(
                        "7",
                        quiet || _without.Count == 0 ? ["""{"a":1}"""] : ["""{"a":1}""", """{"a":2}"""]
                    )
                )
            );
        Answer("""{"a":9}""");
        Answer("""{"a":1}""");

        var wrong = Assert.IsType<Verdict.Wrong>(await VerdictAsync("""{"a":9}"""));

        Assert.Equal((WrongCause.Projection, null), (wrong.Cause, wrong.Form));
    }

    [Fact]
    public async Task Run_TwoUnlikeInAQuietBracket_AreNoiseWithTheirPaths()
    {
        Moments(["""{"a":1,"b":1}"""]);
        Answer("""{"a":8,"b":1}""");

        var judged = Assert.Single(await RunAsync("""{"a":9,"b":1}"""));

        Assert.Equal(Doubt.Noise, Reason(judged));
        Assert.Equal(["$.a"], judged.Noise);
    }

    [Fact]
    public async Task Run_NeverAtRest_AsksAsOftenAsItMayWithGrowingPauses()
    {
        Moments(["""{"a":1}""", """{"a":2}"""]);
        for (var i = 0; i < 10; i++)
            Answer("""{"a":9}""");

        var judged = Assert.Single(await RunAsync("""{"a":9}"""));

        Assert.Equal(Doubt.NeverAtRest, Reason(judged));
        Assert.Equal((5, "1"), (_asked, string.Join(',', _pauses)));
        Assert.NotNull(judged.Legacy);
    }

    [Fact]
    public async Task Run_NoLeaveToAsk_IsNoBudget()
    {
        Moments(["""{"a":1}"""]);
        _leave = 0;

        Assert.Equal(Doubt.NoBudget, Reason(Assert.Single(await RunAsync("""{"a":9}"""))));
        Assert.Equal(0, _asked);
    }

    [Fact]
    public async Task Run_SecondAnswerFails_IsSecondIncomparable()
    {
        Moments(["""{"a":1}"""]);
        _answers.Enqueue(new LegacyAnswer(_now, _now, Noon, Noon, null, IncomparableReason.Failed));

        Assert.Equal(Doubt.SecondIncomparable, Reason(Assert.Single(await RunAsync("""{"a":9}"""))));
    }

    [Theory]
    [InlineData(0)] // before the first look after the answer
    [InlineData(2)] // around the second answer
    [InlineData(3)] // before the confirming look
    public async Task Run_ConnectionBreaks_IsNeverWrong(int looks)
    {
        Moments(["""{"a":1}"""]);
        Answer("""{"a":9}""");
        _breaksAfterLooks = looks;

        Assert.Equal(Doubt.PollBroken, Reason(Assert.Single(await RunAsync("""{"a":9}"""))));
    }

    [Fact]
    public async Task Run_StoredDocumentUnlikeF_IsTheEnginesFault()
    {
        _moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(
                    FakeMoments.Key("7", ["""{"a":1}"""]) with
                    {
                        Engine = question.Diagnose ? FakeMoments.MadeOf("""{"a":9}""") : null,
                    }
                )
            );
        Answer("""{"a":9}""");

        Assert.Equal(WrongCause.Engine, Assert.IsType<Verdict.Wrong>(await VerdictAsync("""{"a":9}""")).Cause);
    }

    [Theory]
    [InlineData("1:0/1:end", (int)WrongCause.Behind)]
    [InlineData("1:0/30:end", (int)WrongCause.Ahead)]
    public async Task Run_EqualAtAnotherTime_IsBehindOrAhead(string position, int cause)
    {
        _keeps = true;
        _moments.Instead = (question, _) =>
            Task.FromResult<BracketFound>(
                question.Before.Floor == Lsn.Zero
                    ? FakeMoments.Of(
                        FakeMoments.Key("7", ["""{"a":1}""", """{"a":9}"""]) with
                        {
                            Moments =
                            [
                                new KeyMoment(Position.Parse("1:0/0:end"), default, FakeMoments.MadeOf("""{"a":1}""")),
                                new KeyMoment(Position.Parse(position), default, FakeMoments.MadeOf("""{"a":9}""")),
                            ],
                        }
                    )
                    : FakeMoments.Of(FakeMoments.Key("7", ["""{"a":1}"""]))
            );
        Answer("""{"a":9}""");

        Assert.Equal((WrongCause)cause, Assert.IsType<Verdict.Wrong>(await VerdictAsync("""{"a":9}""")).Cause);
    }

    [Fact]
    public async Task Run_FThrew_IsSaid()
    {
        _moments.Instead = (_, _) =>
            Task.FromResult<BracketFound>(
                FakeMoments.Of(
                    FakeMoments.Key("7", ["x"]) with
                    {
                        Moments =
                        [
                            new KeyMoment(Position.Parse("1:0/1:end"), default, new Made.Threw("Divided by zero.")),
                        ],
                    }
                )
            );

        Assert.Equal(
            new Verdict.Undetermined(Doubt.ProjectionThrew, "Divided by zero."),
            await VerdictAsync("""{"a":9}""")
        );
    }

    [Fact]
    public async Task Run_EveryUndeterminedBracket_IsItsOwnDoubt()
    {
        foreach (var reason in Enum.GetValues<UndeterminedReason>())
        {
            _moments.Instead = (_, _) => Task.FromResult<BracketFound>(new BracketFound.Undetermined(reason, "so"));
            Assert.Equal(
                new Verdict.Undetermined(Enum.Parse<Doubt>(reason.ToString()), "so"),
                await VerdictAsync("""{"a":9}""")
            );
        }
    }

    /// <summary>
    /// The source was restored, and the bridge hasn't noticed yet: the stored rows belong to another history.
    /// </summary>
    [Fact]
    public async Task Run_LogNotComparedWithTheServer_IsUndeterminedAndNothingIsEvaluated()
    {
        _isVerified = false;
        _moments.Instead = (_, _) => throw new InvalidOperationException("It was evaluated.");

        var verdict = Assert.IsType<Verdict.Undetermined>(await VerdictAsync("""{"a":2}"""));

        Assert.Equal(Doubt.Unavailable, verdict.Reason);
        Assert.Contains("has not been compared with the source", verdict.Detail, StringComparison.Ordinal);
    }

    private static Doubt Reason(PartVerdict judged) => Assert.IsType<Verdict.Undetermined>(judged.Verdict).Reason;
}
