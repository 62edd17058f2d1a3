using System.Globalization;
using Strangler.Evidence.Gates;
using Strangler.Gateway.Promoting;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Evidence.GatedRoute;

namespace Strangler.Gateway.Tests.Promoting;

/// <summary>A route that promotes itself, through a gateway and its store.</summary>
public sealed class AutoPromotionTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Step_GateOpens_TakesTheRouteOneStageAtATimeAndKeepsTheEvidence()
    {
        await using var setup = await StartedAsync();

        await StepUntilAsync(setup, "shadow");
        await setup.Gateway.Promotion.StepAsync(Cancellation);
        Assert.Equal("shadow", await StageAsync(setup)); // nothing was compared
        await CompareAsync(setup);
        await StepUntilAsync(setup, "lookup");
        await setup.Gateway.Promotion.StepAsync(Cancellation);
        var changes = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes;

        Assert.Equal(
            [("lookup", "auto", false), ("shadow", "auto", false), ("legacy", "configuration", false)],
            changes.Select(change => (change.To, change.Who, change.Forced))
        );
        Assert.Equal(Keys, changes[0].Evidence!.Value.GetProperty("keys").GetInt32());
        Assert.Contains("gate is open", changes[0].Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Step_APersonTookItBack_StaysUntilAPersonTakesItForward()
    {
        await using var setup = await StartedAsync();
        await StepUntilAsync(setup, "shadow");
        await CompareAsync(setup);
        await StepUntilAsync(setup, "lookup");
        await setup.Admin.ChangeStageAsync("availability", "legacy", "Ada", "complaints", Cancellation);

        for (var step = 0; step < 3; step++)
            await setup.Gateway.Promotion.StepAsync(Cancellation);
        var stayed = await StageAsync(setup);
        await setup.Admin.ChangeStageAsync("availability", "shadow", "Ada", "again", Cancellation);
        await StepUntilAsync(setup, "lookup");

        Assert.Equal("legacy", stayed);
        Assert.Equal(
            ["auto", "Ada", "Ada", "auto", "auto", "configuration"],
            (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes.Select(change => change.Who)
        );
    }

    /// <summary>What it decides on may be out of date when it comes to the change.</summary>
    [Fact]
    public async Task Change_DecidedOnAnEarlierStage_IsRefused()
    {
        await using var setup = await StartedAsync((Route + "Promote", "command"));
        var decidedOn = setup.Gateway.Stages.Current.Find("availability")!.Version;
        await setup.Admin.ChangeStageAsync("availability", "shadow", "Ada", "first", Cancellation);

        var outcome = await setup.Gateway.Changer.ChangeAsync(
            setup.Gateway.Routes.Find("availability")!,
            new WantedStage(Stage.Legacy, "auto", "why", Version: decidedOn),
            Cancellation
        );

        Assert.Contains(
            "Somebody else changed the stage",
            Assert.Single(Assert.IsType<StageChangeOutcome.Refused>(outcome).Faults).Problem,
            StringComparison.Ordinal
        );
        Assert.Equal("shadow", await StageAsync(setup));
    }

    [Fact]
    public async Task Step_GateClosed_Stays()
    {
        await using var setup = await StartedAsync((Route + "Gate:MinTime", "01:00:00"));
        await StepUntilAsync(setup, "shadow");
        await CompareAsync(setup);

        await setup.Gateway.Promotion.StepAsync(Cancellation);

        Assert.Equal("shadow", await StageAsync(setup));
    }

    [Fact]
    public async Task Step_ByCommandOnly_Stays()
    {
        await using var setup = await StartedAsync((Route + "Promote", "command"));

        await setup.Gateway.Promotion.StepAsync(Cancellation);

        Assert.Equal("legacy", await StageAsync(setup));
    }

    private async Task<GatewaySetup> StartedAsync(params (string Key, string? Value)[] settings)
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(Answer), start: false);
        setup.IsEvidenceStored = true;
        for (var key = 100; key < 100 + Keys; key++)
            setup.Moments.Documents[key.ToString(CultureInfo.InvariantCulture)] = """{"quantity":3}""";
        await setup.StartGatewayAsync("legacy", Settings(setup, [(Route + "Promote", "auto"), .. settings]));
        return setup;
    }

    /// <summary>
    /// A step may find the stage changed: the gateway's own steps go on meanwhile.
    /// </summary>
    private static async Task StepUntilAsync(GatewaySetup setup, string stage)
    {
        await GatewaySetup.UntilAsync(
            async () =>
            {
                await setup.Gateway.Promotion.StepAsync(Cancellation);
                return await StageAsync(setup) == stage;
            },
            $"the route is in '{stage}'"
        );
        if (stage == "shadow")
            await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
    }

    private static async Task<string> StageAsync(GatewaySetup setup) =>
        (await setup.Admin.RouteAsync("availability", Cancellation)).Stage;
}
