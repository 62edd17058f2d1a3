using Strangler.Foundation.Faults;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Shadowing.ShadowedRoute;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>A route goes to shadow and back, and reports its findings.</summary>
public sealed class ShadowStageTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shadow_Stats_ShowTheVerdicts()
    {
        await using var setup = await StartAsync(postgres, _ => """{"sku":7}""");
        setup.Moments.Documents["7"] = """{"sku":7}""";

        for (var i = 0; i < 5; i++)
            await GetAsync(setup);
        await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == 5, "all are compared");

        var stats = (await setup.Admin.StatsAsync(TestContext.Current.CancellationToken)).Routes.Single(route =>
            route.Route == "availability"
        );
        Assert.Equal(
            ("shadow", 5L, 5L, 5L, 5L),
            (
                stats.Stage,
                stats.Shadow.Sampled,
                stats.Shadow.Compared,
                stats.Shadow.Verdicts["match"],
                stats.Shadow.Quiet
            )
        );
    }

    [Fact]
    public async Task Stage_ToShadowAndBack_IsFollowed()
    {
        await using var setup = await StartAsync(
            postgres,
            _ => "{}",
            ("ReverseProxy:Routes:availability:Strangler:Stage", "legacy")
        );

        var promoted = await setup.Admin.ChangeStageAsync(
            "availability",
            "shadow",
            "Ada",
            "Let us see.",
            TestContext.Current.CancellationToken
        );
        var back = await setup.Admin.ChangeStageAsync(
            "availability",
            "legacy",
            "Ada",
            "Enough.",
            TestContext.Current.CancellationToken
        );

        Assert.Equal("shadow", promoted.Stage);
        Assert.Equal("legacy", back.Stage);
    }

    [Fact]
    public async Task Stage_ToShadowWithoutASource_IsRefusedWithTheWayOut()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync(
                "availability",
                "shadow",
                "Ada",
                "Let us see.",
                TestContext.Current.CancellationToken
            )
        );

        Assert.Contains("Gateway:Source", refused.Message, StringComparison.Ordinal);
    }
}
