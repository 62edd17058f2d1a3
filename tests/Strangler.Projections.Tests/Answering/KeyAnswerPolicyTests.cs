using CsCheck;
using Strangler.ChangeLog;
using Strangler.Projections.Answering;
using Xunit;

namespace Strangler.Projections.Tests.Answering;

public sealed class KeyAnswerPolicyTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 24, 8, 0, 0, TimeSpan.Zero);
    private static readonly StoredBuild Good = new(true, true, false, "v1", false);
    private static readonly StoredKey Document = new([1], Position.EndOf(1, new Lsn(8)), null, Now, false, false);
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    [Fact]
    public void MissOfAll_CurrentBuildOfTheVersion_IsNone() => Assert.Null(KeyAnswerPolicy.MissOfAll(Good, "v1"));

    [Fact]
    public void MissOfAll_AnyOtherBuild_SaysWhy()
    {
        Assert.Equal(MissReason.NotBuilt, KeyAnswerPolicy.MissOfAll(default, "v1"));
        Assert.Equal(MissReason.NotBuilt, KeyAnswerPolicy.MissOfAll(Good with { Applied = false }, "v1"));
        Assert.Equal(MissReason.Stopped, KeyAnswerPolicy.MissOfAll(Good with { Stopped = true }, "v2"));
        Assert.Equal(MissReason.OtherVersion, KeyAnswerPolicy.MissOfAll(Good, "v2"));
        Assert.Equal(MissReason.Dirty, KeyAnswerPolicy.MissOfAll(Good with { InDoubt = true }, "v1"));
    }

    [Fact]
    public void Of_Document_IsItsBytesAndTheLastCommitThatTouchedIt() =>
        Assert.Equal(
            new Found.Document(Document.Bytes, Position.Parse("1:0/8:end"), Now.AddTicks(1)),
            KeyAnswerPolicy.Of(Document with { RecomputeAt = Now.AddTicks(1) }, Now, Skew)
        );

    [Fact]
    public void Of_AbsentKey_IsAbsentWhetherItHasARowOrNot()
    {
        Assert.Same(Found.Absent.Value, KeyAnswerPolicy.Of(default, Now, Skew));
        Assert.Same(Found.Absent.Value, KeyAnswerPolicy.Of(Document with { Bytes = null }, Now, Skew));
    }

    [Fact]
    public void Of_AnyKey_AnswersOnlyWhatIsNeitherQuarantinedNorDirtyNorDueNorLegacys() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool, Gen.Int[-1, 1], Gen.Int[-1, 1])
            .Sample(
                (absent, asks, quarantined, dirty, due, ahead) =>
                {
                    var found = KeyAnswerPolicy.Of(
                        new(
                            absent ? null : [1],
                            absent ? null : Document.Touched,
                            Now.AddTicks(due),
                            Now + Skew + TimeSpan.FromTicks(ahead),
                            quarantined,
                            dirty
                        )
                        {
                            LegacyReason = asks ? "unsure" : null,
                        },
                        Now,
                        Skew
                    );

                    var expected =
                        quarantined ? MissReason.Quarantined
                        : dirty ? MissReason.Dirty
                        : due <= 0 || ahead > 0 ? MissReason.Due
                        : asks ? MissReason.AskLegacy
                        : (MissReason?)null;
                    Assert.Equal(expected, (found as Found.Miss)?.Reason);
                    Assert.Equal(
                        expected == MissReason.AskLegacy ? "unsure" : null,
                        (found as Found.Miss)?.LegacyReason
                    );
                }
            );
}
