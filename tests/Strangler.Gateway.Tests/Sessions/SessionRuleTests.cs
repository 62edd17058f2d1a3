using Strangler.ChangeLog;
using Strangler.Evidence;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Shadowing;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>What a caller's token asks for.</summary>
public sealed class SessionRuleTests
{
    private const string Source = "shop";
    private static readonly TimeSpan MaxStaleness = TimeSpan.FromMinutes(1);
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly Position Applied = Position.EndOf(3, new Lsn(100));

    [Fact]
    public void Of_NothingSeen_AsksForNothing() => Assert.IsType<SessionNeed.AnyDocument>(Need(SessionToken.None));

    [Theory]
    [InlineData(101, 0, true, true)] // applied
    [InlineData(102, 102, true, false)] // known to be in the source
    [InlineData(102, 101, false, false)] // beyond what is known of the source
    public void Of_PositionOfTheSource_AsksForDocumentsThatHaveIt(ulong before, ulong head, bool isKnown, bool isMet)
    {
        var need = Need(At(Source, 3, before), head);

        Assert.Equal(isKnown, need is SessionNeed.Documents);
        if (need is SessionNeed.Documents { Required: var required })
        {
            Assert.Equal((new Lsn(before), 3, null), (required.Reach, required.Through.Epoch, required.Server));
            Assert.Equal(isMet, required.IsMetBy(Applied));
        }
        else
            Assert.IsType<SessionNeed.Look>(need);
    }

    [Theory]
    [InlineData("other", 3)]
    [InlineData(Source, 2)]
    [InlineData(Source, 4)]
    public void Of_OtherSourceOrEpoch_IsNotComparedButTheSourceIsLookedAt(string source, int epoch) =>
        Assert.IsType<SessionNeed.Look>(Need(At(source, epoch, 1), 1_000));

    [Theory]
    [InlineData(64, true)]
    [InlineData(65, false)] // MaxStaleness, and what clocks may differ by
    [InlineData(-300, true)] // another gateway's clock is ahead
    public void Of_WriteWhosePositionIsNotKnown_IsLegacysUntilAllDocumentsHaveIt(int secondsAgo, bool isLegacys)
    {
        var token = new SessionToken(null, Now - TimeSpan.FromSeconds(secondsAgo));

        var need = Need(token);

        Assert.Equal(isLegacys, need is SessionNeed.Legacy { Reason: CallGraphReason.PositionUnknown });
    }

    [Fact]
    public void After_LookThatHasThePosition_AsksForThePosition()
    {
        var required = SessionRule.After(At(Source, 3, 150), Source, Applied, Look(150), new Lsn(120));

        Assert.Equal((new Lsn(150), null), (required!.Reach, required.Server));
    }

    [Fact]
    public void After_LookBelowThePosition_IsAnotherHistory() =>
        Assert.Null(SessionRule.After(At(Source, 3, 151), Source, Applied, Look(150), new Lsn(120)));

    [Fact]
    public void After_PositionThatCannotBeCompared_AsksForAllThatTheLookSaw()
    {
        var required = SessionRule.After(At(Source, 9, 999), Source, Applied, Look(150), new Lsn(120));

        Assert.Equal((new Lsn(120), 3, "run"), (required!.Reach, required.Through.Epoch, required.Server));
    }

    private static SessionNeed Need(SessionToken token, ulong head = 0) =>
        SessionRule.Of(token, Source, Applied, new Lsn(head), Now, MaxStaleness);

    private static SessionToken At(string source, int epoch, ulong before) =>
        new(SessionPosition.Of(source, epoch, new Lsn(before)), null);

    private static TakenLook Look(ulong end) =>
        new(1, 2, 1, new Projections.SourceLook(new Lsn(120), "7:7:", new Lsn(end)), "run");
}
