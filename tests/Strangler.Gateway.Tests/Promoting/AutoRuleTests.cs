using Strangler.Evidence.Gates;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Promoting;
using Strangler.Gateway.Stages;
using Xunit;

namespace Strangler.Gateway.Tests.Promoting;

public sealed class AutoRuleTests
{
    private static readonly DateTimeOffset At = new(2026, 12, 2, 12, 0, 0, TimeSpan.Zero);

    /// <summary>The stage before the newest change, the stage after it, and the next one.</summary>
    [Theory]
    [InlineData(null, Stage.Legacy, Stage.Shadow)]
    [InlineData(null, Stage.Shadow, Stage.Lookup)]
    [InlineData(null, Stage.Lookup, null)]
    [InlineData(Stage.Legacy, Stage.Shadow, Stage.Lookup)]
    [InlineData(Stage.Legacy, Stage.Lookup, null)]
    [InlineData(Stage.Shadow, Stage.Lookup, null)]
    [InlineData(Stage.Shadow, Stage.Legacy, null)]
    [InlineData(Stage.Lookup, Stage.Legacy, null)]
    [InlineData(Stage.Lookup, Stage.Shadow, null)]
    public void Next_AfterAChange_IsOneStageFurtherUnlessItWentBack(Stage? from, Stage to, Stage? next)
    {
        foreach (var who in new[] { "Ada", AutoPromotion.Who, StagePoll.Gateway, "configuration" })
            Assert.Equal(next, AutoRule.Next(PromotionMode.Auto, Stored(to), Change(from, to, who)));
    }

    /// <summary>What a guard took back is only held by its cool-down, and by the gate.</summary>
    [Theory]
    [InlineData(Stage.Legacy, Stage.Shadow)]
    [InlineData(Stage.Shadow, Stage.Lookup)]
    public void Next_AGuardTookItBack_IsOneStageFurther(Stage to, Stage next) =>
        Assert.Equal(
            next,
            AutoRule.Next(PromotionMode.Auto, Stored(to), Change(Stage.Lookup, to, "guard") with { Guard = "wrong" })
        );

    [Fact]
    public void Next_ByCommandOnly_IsNever() =>
        Assert.Null(
            AutoRule.Next(PromotionMode.Command, Stored(Stage.Legacy), Change(null, Stage.Legacy, "configuration"))
        );

    /// <summary>Somebody changed the stage after the history was read, or the other way round.</summary>
    [Fact]
    public void Next_HistoryOfAnotherVersion_IsNever()
    {
        var change = Change(null, Stage.Legacy, "configuration");

        Assert.Null(AutoRule.Next(PromotionMode.Auto, Stored(Stage.Legacy) with { Version = 8 }, change));
        Assert.Null(AutoRule.Next(PromotionMode.Auto, Stored(Stage.Legacy), null));
    }

    private static RouteStage Stored(Stage stage) => new("item", stage, 7, At, "who", "why");

    private static RouteStageChange Change(Stage? from, Stage to, string who) =>
        new("item", 7, from, to, At, who, "why");
}
