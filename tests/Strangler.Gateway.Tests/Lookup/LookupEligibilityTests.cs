using CsCheck;
using Strangler.ChangeLog;
using Strangler.Evidence;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Health;
using Strangler.Gateway.Lookup;
using Strangler.Projections;
using Xunit;
using Findings = Strangler.Projections.Lookup;

namespace Strangler.Gateway.Tests.Lookup;

public sealed class LookupEligibilityTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    private static readonly RouteLookupModel Route = GatewayConfigReader
        .Read(
            GatewaySetup.Configured(
                "Host=127.0.0.1",
                "http://127.0.0.1:9000/",
                "legacy",
                ("ReverseProxy:Routes:availability:Strangler:MaxStaleness", "00:00:30")
            ),
            [new FakeResponder()]
        )
        .Model!.Routes.Single(route => route.RouteId == "availability")
        .Lookup!;

    private static Gen<Found> AnyFound =>
        Gen.OneOf(
            Gen.Const((Found)Found.Absent.Value),
            Gen.Int[-5, 5]
                .Select(seconds =>
                    (Found)
                        new Found.Document(
                            new byte[] { 1 },
                            Position.Parse("1:0/8:0"),
                            seconds == 5 ? null : Now.AddSeconds(seconds)
                        )
                ),
            Gen.Enum<MissReason>().Select(reason => (Found)new Found.Miss(reason))
        );

    /// <summary>
    /// Answers exactly if every key is absent or a document that isn't due. The first other key determines the reason.
    /// </summary>
    [Fact]
    public void Of_AnyFindings_AnswersOnlyDocumentsAndAbsents() =>
        AnyFound
            .Array[1, 4]
            .Sample(
                found =>
                {
                    var keys = found.Select((_, index) => $"{index}").ToArray();
                    var judgement = LookupEligibility.Of(Route, keys, keys, new Findings(found, At), Young, Now);
                    var first = found.Select(Reason).FirstOrDefault(reason => reason is not null);
                    return judgement switch
                    {
                        LookupEligibility.Answerable answerable => first is null
                            && answerable.Documents.Count == keys.Length,
                        LookupEligibility.Refused refused => refused.Reason == first && refused.Reason.IsFallback(),
                        _ => false,
                    };
                },
                iter: 2_000
            );

    [Fact]
    public void Of_Absent_IsAnAnswerAndNeverAFallback() =>
        Gen.Int[1, 5]
            .Sample(count =>
            {
                var keys = Enumerable.Range(0, count).Select(index => $"{index}").ToArray();
                return LookupEligibility.Of(
                        Route,
                        keys,
                        keys,
                        new Findings([.. keys.Select(_ => Found.Absent.Value)], At),
                        Young,
                        Now
                    )
                        is LookupEligibility.Answerable { Documents: var documents }
                    && documents.All(document => document.Bytes is null);
            });

    [Fact]
    public void Of_EveryMissReason_FallsBackUnderItsOwnName()
    {
        var reasons = Enum.GetValues<MissReason>()
            .Select(miss =>
                Assert
                    .IsType<LookupEligibility.Refused>(
                        LookupEligibility.Of(Route, ["1"], ["1"], new Findings([new Found.Miss(miss)], At), Young, Now)
                    )
                    .Reason
            )
            .ToList();

        Assert.Equal(Enum.GetNames<MissReason>(), reasons.Select(reason => reason.ToString()));
    }

    [Theory]
    [InlineData(30, true)]
    [InlineData(31, false)]
    [InlineData(0, true)]
    public void Of_Watermark_IsServedUpToMaxStaleness(int seconds, bool served) =>
        Assert.Equal(
            served,
            LookupEligibility.Of(
                Route,
                ["1"],
                ["1"],
                new Findings([Found.Absent.Value], At),
                new WatermarkAge.Known(TimeSpan.FromSeconds(seconds)),
                Now
            ) is LookupEligibility.Answerable
        );

    [Fact]
    public void Of_AgeUnknown_RefusesWithItsReason() =>
        Assert.Equal(
            new LookupEligibility.Refused(CallGraphReason.NotMoved),
            LookupEligibility.Of(
                Route,
                ["1"],
                ["1"],
                new Findings([Found.Absent.Value], At),
                new WatermarkAge.Unknown(CallGraphReason.NotMoved),
                Now
            )
        );

    /// <summary>The projections' clock determines what is due, not this gateway's.</summary>
    [Theory]
    [InlineData(-60, true)]
    [InlineData(60, false)]
    public void Of_ProjectionsClock_DecidesWhatIsDue(int ahead, bool served)
    {
        var document = new Found.Document(
            new byte[] { 1 },
            Position.Parse("1:0/8:0"),
            Now.AddSeconds(ahead < 0 ? -10 : 10)
        );
        var findings = new Findings([document], At) { Clock = Now.AddSeconds(ahead) };

        Assert.Equal(
            served,
            LookupEligibility.Of(Route, ["1"], ["1"], findings, Young, Now) is LookupEligibility.Answerable
        );
    }

    [Fact]
    public void Of_NoWatermark_IsNotBuilt() =>
        Assert.Equal(
            new LookupEligibility.Refused(CallGraphReason.NotBuilt),
            LookupEligibility.Of(Route, ["1"], ["1"], new Findings([Found.Absent.Value], null), null, Now)
        );

    [Fact]
    public void Of_FewerFindingsThanKeys_Refuses() =>
        Assert.Equal(
            new LookupEligibility.Refused(CallGraphReason.LookupFailed),
            LookupEligibility.Of(Route, ["1", "2"], ["1", "2"], new Findings([Found.Absent.Value], At), Young, Now)
        );

    [Fact]
    public void Of_RepeatedKeys_KeepTheRequestsOrder()
    {
        var found = new Findings([new Found.Document("a"u8.ToArray(), default, null), Found.Absent.Value], At);

        var answerable = Assert.IsType<LookupEligibility.Answerable>(
            LookupEligibility.Of(Route, ["2", "1", "2"], ["1", "2"], found, Young, Now)
        );

        Assert.Equal(["2", "1", "2"], answerable.Documents.Select(document => document.Key));
        Assert.Equal([false, true, false], answerable.Documents.Select(document => document.Bytes is not null));
    }

    private static readonly WatermarkAge Young = new WatermarkAge.Known(TimeSpan.FromSeconds(1));

    private static readonly Watermark At = new("shop", Position.Parse("1:0/10:end"), Now);

    private static CallGraphReason? Reason(Found found) =>
        found switch
        {
            Found.Miss miss => Enum.Parse<CallGraphReason>(miss.Reason.ToString()),
            Found.Document { RecomputeAt: { } due } when due <= Now => CallGraphReason.Due,
            _ => null,
        };
}
