using Strangler.Demo.Sample;
using Strangler.Demo.Show;
using Xunit;

namespace Strangler.Cli.Tests.Show;

public sealed class FaultWatchTests
{
    private static readonly PlantedFault Fault = new(
        "wrong-unit",
        "WrongUnit",
        "A unit is wrong.",
        ["$.stores[*].backroom", "$.quantity"],
        ""
    );

    [Fact]
    public void See_WrongKeyOfARouteWithTheFault_IsFoundWithTheReadsOfTheNextSecond()
    {
        var watch = new FaultWatch(Fault, 70);

        watch.See(TimeSpan.FromSeconds(4), [Route("availability", 0), Route("item", 0)], 10);
        watch.See(TimeSpan.FromSeconds(5), [Route("availabilities", 1), Route("item", 0)], 20);
        watch.See(TimeSpan.FromSeconds(6), [Route("availabilities", 2), Route("item", 0)], 30);
        watch.See(TimeSpan.FromSeconds(7), [Route("availabilities", 9), Route("item", 0)], 40);
        var sum = watch.Sum([new("$.stores[*].backroom", "value", 9)], 50, ["availability"]);

        Assert.Equal(
            (true, 5.0, 30L, 70, true, true),
            (
                sum.Found,
                sum.FoundAtSecond!.Value,
                sum.FoundAfter!.Value,
                sum.TouchedKeys,
                sum.FieldNamed,
                sum.PromotionRefused
            )
        );
    }

    [Fact]
    public void See_WrongKeyOfAnotherRoute_IsNotTheFaults()
    {
        var watch = new FaultWatch(Fault, 70);

        watch.See(TimeSpan.FromSeconds(5), [Route("availability", 0), Route("item", 3)], 20);
        var sum = watch.Sum([], 50, ["item"]);

        Assert.Equal(
            (false, null, null, false, false),
            (sum.Found, sum.FoundAtSecond, sum.FoundAfter, sum.FieldNamed, sum.PromotionRefused)
        );
    }

    [Theory]
    [InlineData("$.quantity", true)]
    [InlineData("$.items[*].quantity", true)]
    [InlineData("$.stores[*].backroom", true)]
    [InlineData("$.items[*].stores[*].backroom", true)]
    [InlineData("$.stores[*].backroom.packs", true)]
    [InlineData("$.stores[*]", false)]
    [InlineData("$.quantityOf", false)]
    [InlineData("status", false)]
    public void Sum_PathOfADifference_IsOneOfItsFieldsOrBelow(string path, bool named) =>
        Assert.Equal(named, new FaultWatch(Fault, 1).Sum([new(path, "value", 1)], 0, []).FieldNamed);

    private static RouteStatus Route(string route, long wrong) =>
        new(
            route,
            "shadow",
            SideStatus.None,
            SideStatus.None,
            null,
            ShadowStatus.None with
            {
                Verdicts = VerdictCounts.None with { Match = 100, Wrong = wrong },
            }
        );
}
