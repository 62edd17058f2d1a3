using CsCheck;
using Strangler.Evidence.Gates;
using Strangler.Testing;
using Xunit;

namespace Strangler.Evidence.Tests.Gates;

public sealed class GateTests
{
    private static readonly EvidenceSummary Good = new(
        "ItemAvailability",
        "a1b2c3d4e5f60718",
        "00112233aabb",
        2_000,
        1_900,
        0,
        [],
        1_200,
        0,
        400,
        0,
        0,
        [],
        600,
        false
    )
    {
        Named = 20_000,
        Covered = 19_900,
        KeysOnce = 100,
        Parts = 2_000,
        Unclear = 20,
        InStage = TimeSpan.FromHours(2),
        Lag = TimeSpan.FromSeconds(1),
    };

    /// <summary>For a route whose answers everybody may see.</summary>
    private static readonly GateRules Open = GateRules.Default with { IsAnonymous = true };

    private static readonly EvidenceSummary None = new(
        "ItemAvailability",
        "a1b2c3d4e5f60718",
        "00112233aabb",
        0,
        0,
        0,
        [],
        0,
        0,
        0,
        0,
        0,
        [],
        null,
        true
    );

    [Theory]
    [InlineData(Stage.Legacy, Stage.Shadow)]
    [InlineData(Stage.Lookup, Stage.Shadow)]
    [InlineData(Stage.Lookup, Stage.Legacy)]
    [InlineData(Stage.Shadow, Stage.Legacy)]
    public void Decide_AnyStageButLookup_NeedsNoEvidence(Stage from, Stage to) =>
        Assert.Equal(GateDecision.Open.Value, Gate.Decide(GateRules.Default, None, from, to));

    [Theory]
    [InlineData(Stage.Legacy)]
    [InlineData(Stage.Shadow)]
    public void Decide_ToLookup_AsksTheSameWhereverTheRouteIs(Stage from)
    {
        Assert.Equal(GateDecision.Open.Value, Gate.Decide(Open, Good, from, Stage.Lookup));
        Assert.Equal(
            [
                Gate.Evidence,
                Gate.MinMatches,
                Gate.MinKeys,
                TrafficRules.MinCoverage,
                TrafficRules.MaxUnseen,
                TrafficRules.MinTime,
                TrafficRules.MaxLag,
            ],
            Missing(None, Open, from)
        );
    }

    [Fact]
    public void Decide_AtTheLimits_IsOpenAndJustBeyondIsNot()
    {
        var rules = Open with { MinMatches = 1_000, MinKeys = 100, MaxUnproven = 0.01 };

        Assert.Empty(Missing(Good with { Matches = 1_000, Keys = 100, Unproven = 3, UnprovenShare = 0.01 }, rules));
        Assert.Equal([Gate.MinMatches], Missing(Good with { Matches = 999 }, rules));
        Assert.Equal([Gate.MinKeys], Missing(Good with { Keys = 99 }, rules));
        Assert.Equal([Gate.MaxUnproven], Missing(Good with { Unproven = 3, UnprovenShare = 0.0101 }, rules));
        Assert.Equal([Gate.Wrong], Missing(Good with { Wrong = 1 }, rules));
        Assert.Equal([Gate.Wrong], Missing(Good with { WrongVersions = 1 }, rules));
        Assert.Empty(Missing(Good with { Compared = 1_980, Lost = 20 }, rules));
        Assert.Equal([Gate.MaxLost], Missing(Good with { Compared = 1_979, Lost = 20 }, rules));
        Assert.Equal([Gate.MaxLost], Missing(Good with { Sampled = 1_979, LostSamples = 20 }, rules));
        Assert.Empty(Missing(Good with { Compared = 1_979, Lost = 20 }, rules with { MaxLost = 0.011 }));
        Assert.Equal(
            [Gate.Headers],
            Missing(Good with { HeadersCompared = 10, HeadersMissing = [new("vary", 1)] }, rules)
        );
        Assert.Empty(Missing(Good with { HeadersCompared = 10, HeadersUnlike = [new("etag", 10)] }, rules));
    }

    /// <summary>Only where the fault of each wrong part is dismissed, nothing is held against the gate.</summary>
    [Theory]
    [InlineData(3, 3, 1, true, "Nothing else was wrong. 3 parts were wrong by a dismissed fault.")]
    [InlineData(1, 1, 1, true, "Nothing else was wrong. 1 part was wrong by a dismissed fault.")]
    [InlineData(3, 2, 2, false, "1 parts were wrong, at 'value $.b'. 2 parts were wrong by 2 dismissed faults.")]
    [InlineData(3, 0, 0, false, "3 parts were wrong, at 'value $.b'.")]
    public void Judge_FaultsAreDismissed_CountsTheOthers(
        long wrong,
        long dismissed,
        long faults,
        bool isKept,
        string found
    )
    {
        var evidence = Good with
        {
            Wrong = wrong,
            WrongVersions = 2,
            WrongAt = ["value $.b"],
            Dismissed = dismissed,
            DismissedFaults = faults,
        };
        var rules = Open with { MaxMismatchRate = MismatchBound.Upper(0, Good.Matches) };

        var rule = Gate.Judge(rules, evidence).Single(rule => rule.Name == Gate.Wrong);

        Assert.Equal((isKept, found), (rule.Kept, rule.Found));
        Assert.Equal(isKept ? [] : [Gate.Wrong, Gate.MaxMismatchRate], Missing(evidence, rules));
    }

    [Fact]
    public void Decide_AtTheLimitsOfTraffic_IsOpenAndJustBeyondIsNot()
    {
        var unseen = UnseenMass.Upper(100, 20_000);
        var rules = Open with { MaxUnseen = unseen };

        Assert.Empty(Missing(Good with { Covered = 19_000 }, rules));
        Assert.Equal([TrafficRules.MinCoverage], Missing(Good with { Covered = 18_999 }, rules));
        Assert.Empty(
            Missing(Good with { Named = 0, Covered = 0, KeysOnce = 0 }, rules with { MinCoverage = 0, MaxUnseen = 1 })
        );
        Assert.Empty(Missing(Good, rules));
        Assert.Equal([TrafficRules.MaxUnseen], Missing(Good with { KeysOnce = 101 }, rules));
        Assert.Empty(Missing(Good with { Unclear = 200 }, rules));
        Assert.Equal([TrafficRules.MaxUnclear], Missing(Good with { Unclear = 201 }, rules));
        Assert.Empty(Missing(Good with { InStage = TimeSpan.FromHours(1) }, rules));
        Assert.Equal(
            [TrafficRules.MinTime],
            Missing(Good with { InStage = TimeSpan.FromHours(1) - TimeSpan.FromTicks(1) }, rules)
        );
        Assert.Empty(Missing(Good with { InStage = TimeSpan.Zero }, rules with { MinTime = TimeSpan.Zero }));
        Assert.Empty(Missing(Good with { Lag = TimeSpan.FromSeconds(10) }, rules));
        Assert.Equal([TrafficRules.MaxLag], Missing(Good with { Lag = TimeSpan.FromSeconds(10.1) }, rules));
        Assert.Equal([TrafficRules.MaxLag], Missing(Good with { Lag = null }, rules));
    }

    /// <summary>Few requests don't look good: that none named a new key proves little.</summary>
    [Fact]
    public void Judge_FewRequestsWithoutANewKey_SaysHowManyMoreWouldBeEnough()
    {
        var rule = Gate.Judge(Open, Good with { Named = 500, Covered = 500, KeysOnce = 0 })
            .Single(rule => rule.Name == TrafficRules.MaxUnseen);

        Assert.False(rule.Kept);
        Assert.StartsWith("1,651 more requests would be enough", rule.WayOut, StringComparison.Ordinal);
        Assert.True(UnseenMass.Upper(0, 2_151) <= 0.1);
        Assert.True(UnseenMass.Upper(0, 2_150) > 0.1);
    }

    /// <summary>The route says who may see its answers, and lets no caller through whom legacy refuses.</summary>
    [Theory]
    [InlineData(false, false, false, false, false, false)]
    [InlineData(false, false, false, true, false, false)]
    [InlineData(false, false, false, false, true, false)]
    [InlineData(true, false, false, true, true, true)]
    [InlineData(false, true, false, true, false, true)]
    [InlineData(false, true, false, true, true, false)]
    [InlineData(false, false, true, true, false, true)]
    [InlineData(false, false, true, true, true, false)]
    [InlineData(false, false, true, false, false, true)]
    public void Decide_WhoMaySee_IsSaidByTheRoute(
        bool isAnonymous,
        bool hasPolicy,
        bool asksLegacy,
        bool credentials,
        bool refused,
        bool isOpen
    )
    {
        var rules = GateRules.Default with
        {
            IsAnonymous = isAnonymous,
            HasPolicy = hasPolicy,
            AsksLegacy = asksLegacy,
        };
        var evidence = Good with { Answerable = 10, WithCredentials = credentials ? 1 : 0, Refused = refused ? 1 : 0 };

        Assert.Equal(isOpen ? [] : [Gate.Anonymous], Missing(evidence, rules));
    }

    [Fact]
    public void Decide_Bound_IsAskedForOnlyWhereARateIsSet()
    {
        var upper = MismatchBound.Upper(0, Good.Matches);

        Assert.Empty(Missing(Good, Open with { MaxMismatchRate = upper }));
        Assert.Equal([Gate.MaxMismatchRate], Missing(Good, Open with { MaxMismatchRate = upper * 0.999 }));
        Assert.DoesNotContain(Gate.Judge(GateRules.Default, Good), rule => rule.Name == Gate.MaxMismatchRate);
    }

    [Fact]
    public void Decide_RefusedExactlyWhereARuleIsBroken() =>
        Gen.Select(
                Gen.Long[0, 3],
                Gen.Long[0, 3],
                Gen.Long[990, 1_010],
                Gen.Long[90, 110],
                Gen.Double[0, 0.02],
                Gen.Bool,
                Gen.Long[0, 40]
            )
            .Sample(
                (wrong, wrongVersions, matches, keys, unproven, compared, lost) =>
                {
                    var evidence = Good with
                    {
                        Wrong = wrong,
                        WrongVersions = wrongVersions,
                        Matches = matches,
                        Keys = keys,
                        UnprovenShare = unproven,
                        Compared = compared ? 1_980 : 0,
                        Lost = lost,
                    };
                    var broken =
                        lost > 20
                        || wrong + wrongVersions > 0
                        || matches < 1_000
                        || keys < 100
                        || unproven > 0.01
                        || !compared;
                    return Gate.Decide(Open, evidence, Stage.Shadow, Stage.Lookup) is GateDecision.Refused == broken;
                }
            );

    /// <summary>A report also contains them: its readers are not referred to it.</summary>
    [Theory]
    [InlineData(300.0)]
    [InlineData(null)]
    public void Judge_RulesThatAreNotKept_SendNobodyToTheReport(double? matchesPerHour)
    {
        var rules = Gate.Judge(
            Open,
            Good with
            {
                Matches = 1,
                Keys = 1,
                Unproven = 7,
                UnprovenShare = 0.25,
                MatchesPerHour = matchesPerHour,
                Covered = 1,
                KeysOnce = 19_000,
                Unclear = 1_000,
                InStage = TimeSpan.FromMinutes(1),
                Lag = null,
            }
        );

        Assert.Equal(8, rules.Count(rule => !rule.Kept));
        Assert.All(rules, rule => Assert.DoesNotContain("report", rule.WayOut, StringComparison.Ordinal));
    }

    [Fact]
    public void Decide_EverythingMissing_IsSaidAtOnceWithNumbersNamesAndTime()
    {
        var evidence = Good with
        {
            Wrong = 7,
            WrongVersions = 2,
            WrongAt = ["$.a", "$.b", "$.c", "$.d", "$.e", "$.f"],
            Matches = 400,
            Keys = 9,
            Unproven = 7,
            UnprovenShare = 0.25,
            UnprovenKeys = ["k1", "k2", "k3", "k4", "k5", "k6"],
            MatchesPerHour = 300,
            Answerable = 2_500,
            WithCredentials = 1_200,
            Credentials = ["cookie", "authorization"],
            Refused = 17,
            HeadersCompared = 2_000,
            HeadersMissing = [new("cache-control", 2_000), new("set-cookie", 1)],
            HeadersUnlike = [new("etag", 1_900)],
            Covered = 17_000,
            KeysOnce = 3_000,
            Unclear = 500,
            InStage = TimeSpan.FromMinutes(12),
            Lag = TimeSpan.FromSeconds(31.4),
        };

        var refused = Assert.IsType<GateDecision.Refused>(
            Gate.Decide(new GateRules { MaxMismatchRate = 0.001 }, evidence, Stage.Shadow, Stage.Lookup)
        );

        var text = string.Join('\n', refused.Missing.Select(rule => $"{rule.Name}: {rule.Found} {rule.WayOut}"));
        Golden.Equal("gate.txt", text);
    }

    [Theory]
    [InlineData(0, "Only 9 distinct keys that exist matched, where 100 are needed.")]
    [InlineData(
        1,
        "Only 9 distinct keys that exist matched, where 100 are needed; "
            + "1 more doesn't exist on either side and isn't counted."
    )]
    [InlineData(
        1_234,
        "Only 9 distinct keys that exist matched, where 100 are needed; "
            + "1,234 more don't exist on either side and aren't counted."
    )]
    public void Judge_KeysThatDoNotExist_AreSaidAndNotCounted(long absent, string said) =>
        Assert.Equal(
            said,
            Gate.Judge(GateRules.Default, Good with { Keys = 9, AbsentKeys = absent })
                .Single(rule => rule.Name == Gate.MinKeys)
                .Found
        );

    [Fact]
    public void Judge_OtherVersionOnly_SaysThatItCountsForNothing()
    {
        var rule = Gate.Judge(GateRules.Default, None)[0];

        Assert.Equal(
            "Nothing was compared with 'ItemAvailability' version a1b2c3d4e5f6 and rules 00112233aabb; what there "
                + "is is of another version or other rules, and counts for nothing now.",
            rule.Found
        );
    }

    private static IEnumerable<string> Missing(EvidenceSummary evidence, GateRules rules, Stage from = Stage.Shadow) =>
        Gate.Decide(rules, evidence, from, Stage.Lookup) is GateDecision.Refused refused
            ? refused.Missing.Select(rule => rule.Name)
            : [];
}
