using Strangler.ChangeLog;
using Strangler.Gateway.Freshness;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Shadowing;
using Strangler.Projections;
using Xunit;

namespace Strangler.Gateway.Tests.Freshness;

/// <summary>What documents must have.</summary>
public sealed class FreshnessRuleTests
{
    private const string Server = "run";
    private static readonly Position Through = Position.EndOf(1, new Lsn(80));
    private static readonly LookTarget Target = LookTarget.Of(
        new TakenLook(1, 2, 1, new SourceLook(new Lsn(100), "7:7:", new Lsn(110)), Server),
        null
    );

    [Fact]
    public void Of_CatalogueThatSeesAll_RequiresTheLookAndTheCatalogue() =>
        Assert.Equal(
            new FreshnessRequirement(new Lsn(100), Through, Server),
            FreshnessRule.Of(Target, Catalogue("8:8:", Server))
        );

    [Theory]
    [InlineData("6:6:", Server)] // a transaction that the look sees may have altered a table
    [InlineData("6:9:6", Server)]
    [InlineData("8:8:", "another run")]
    [InlineData("?", Server)]
    public void Of_OtherCatalogue_MustBeLookedAtAgain(string snapshot, string server) =>
        Assert.Null(FreshnessRule.Of(Target, Catalogue(snapshot, server)));

    [Theory]
    [InlineData("1:0/63:end", true)]
    [InlineData("1:0/64:0", true)]
    [InlineData("1:0/62:end", false)] // not all before the look
    [InlineData("2:0/64:0", false)] // another epoch
    public void IsMetBy_Watermark_HasEverythingBeforeTheLook(string position, bool isMet)
    {
        var required = FreshnessRule.Of(Target, Catalogue("8:8:", Server))!;

        Assert.Equal(isMet, required.IsMetBy(Mark(position, Server)));
        Assert.False(required.IsMetBy(Mark(position, "another run")));
        Assert.False(required.IsMetBy(Mark(position, Server) with { Verification = null }));
    }

    [Fact]
    public void IsMetBy_WatermarkBeforeTheCatalogue_IsFalse()
    {
        var required = new FreshnessRequirement(new Lsn(10), Through, Server);

        Assert.False(required.IsMetBy(Mark("1:0/50:0", Server)));
        Assert.True(required.IsMetBy(Mark("1:0/50:end", Server)));
        Assert.Equal(new Lsn(81), required.Reach);
    }

    [Fact]
    public void IsBehind_LookBelowWhatWasApplied_IsTrue()
    {
        Assert.True(FreshnessRule.IsBehind(Target, Position.EndOf(1, new Lsn(111))));
        Assert.False(FreshnessRule.IsBehind(Target, Position.EndOf(1, new Lsn(109))));
        Assert.False(FreshnessRule.IsBehind(Target, null));
    }

    private static CatalogueLook Catalogue(string snapshot, string server) => new("shop", Through, server, snapshot);

    private static Watermark Mark(string position, string server) =>
        new("shop", Position.Parse(position, null), DateTimeOffset.UnixEpoch)
        {
            Verification = new SourceVerification(1, server),
        };
}
