using Npgsql;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Shadowing.ShadowedRoute;

namespace Strangler.Gateway.Tests.Guarding;

/// <summary>A route in lookup whose guard trips, with a real store and a real source to look at.</summary>
public sealed class GuardServingTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const string Source = "Gateway:Source";
    private const string Seven = """{"sku":7}""";
    private const string Eight = """{"sku":8}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrong_InLookup_RollsBackToShadowAndKeepsWhoWhyAndTheEvidence()
    {
        await using var setup = await StartAsync();
        setup.Answers.Put("7", Seven);

        Assert.Equal(Seven, await GetAsync(setup));
        var route = await StageAsync(setup, "shadow");
        var legacy = await GetAsync(setup);
        var change = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0];

        Assert.Equal(Eight, legacy);
        Assert.Equal(("lookup", "shadow", "guard", "wrong"), (change.From, change.To, change.Who, change.Guard));
        Assert.Matches(@"^Guard 'wrong': \d+ parts? (was|were) wrong within an hour, where 0 may be\.$", change.Why);
        var example = change.Evidence!.Value.GetProperty("examples")[0];
        Assert.Equal("7", example.GetProperty("key").GetString());
        Assert.Equal("value $.sku", example.GetProperty("paths")[0].GetString());
        Assert.Equal(12, example.GetProperty("id").GetString()!.Length);
        Assert.NotEqual(0, change.Evidence.Value.GetProperty("figures").GetProperty("wrong").GetInt32());
        await GuardAsync(setup, guard => guard is { State: "cooling", Trips: 1, CoolingUntil: not null });
        Assert.Equal(
            "cooling",
            (await setup.Admin.HealthAsync(Cancellation)).Guards.Single(guard => guard.Route == "availability").State
        );
        Assert.NotNull(route.Guard);
    }

    /// <summary>The example of which the history tells is the one that is kept.</summary>
    [Fact]
    public async Task Wrong_Example_CanBeLookedAt()
    {
        await using var setup = await StartAsync(isStored: true);
        setup.Answers.Put("7", Seven);
        await GetAsync(setup);
        await StageAsync(setup, "shadow");

        var change = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0];
        var id = change.Evidence!.Value.GetProperty("examples")[0].GetProperty("id").GetString()!;
        var example = await setup.Admin.ExampleAsync(id, Cancellation);

        Assert.Equal(("7", "$.sku"), (example.Key, Assert.Single(example.Differences).Path));
    }

    [Fact]
    public async Task CoolDown_HoldsPromotionUnlessForced()
    {
        await using var setup = await StartAsync(settings: (Route + "Guards:RollbackTo", "legacy"));
        setup.Answers.Put("7", Seven);
        await GetAsync(setup);
        await StageAsync(setup, "legacy");

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "shadow", "", "again", Cancellation)
        );
        await setup.Gateway.Promotion.StepAsync(Cancellation);
        Assert.Equal("legacy", (await setup.Admin.RouteAsync("availability", Cancellation)).Stage);
        var forced = await setup.Admin.ForceStageAsync("availability", "lookup", "", "I know", Cancellation);

        var fault = Assert.Single(refused.Faults);
        Assert.Equal("guard", fault.Path);
        Assert.Contains("cool-down lasts for 10 minutes more", fault.Problem, StringComparison.Ordinal);
        Assert.Equal("lookup", forced.Stage);
    }

    /// <summary>What was wrong before a person took the route forward again isn't held against it.</summary>
    [Fact]
    public async Task Forced_AfterATrip_TripsAgainOnlyForWhatIsWrongSince()
    {
        await using var setup = await StartAsync();
        setup.Answers.Put("7", Seven);
        await GetAsync(setup);
        await StageAsync(setup, "shadow");
        await setup
            .Gateway.Shadows.Find("availability")!
            .Places.WaitForEarlierAsync(TimeSpan.FromMinutes(1), Cancellation);
        await setup.Gateway.Guards.StepAsync(Cancellation);

        await setup.Admin.ForceStageAsync("availability", "lookup", "", "I know", Cancellation);
        await setup.Gateway.Guards.StepAsync(Cancellation);
        var stayed = (await setup.Admin.RouteAsync("availability", Cancellation)).Stage;
        await GetAsync(setup);
        await StageAsync(setup, "shadow");

        Assert.Equal("lookup", stayed);
        await GuardAsync(setup, guard => guard.Trips == 2);
    }

    [Fact]
    public async Task Freeze_StaysAndIsNotPromotedUntilAPersonLiftsIt()
    {
        await using var setup = await StartAsync(
            settings: [(Route + "Guards:Action", "freeze"), (Route + "Guards:CoolDown", "00:00:00")]
        );
        setup.Answers.Put("7", Seven);
        await GetAsync(setup);
        await GuardAsync(setup, guard => guard is { State: "frozen", Trips: 1 });
        var stage = (await setup.Admin.RouteAsync("availability", Cancellation)).Stage;

        await setup.Admin.ChangeStageAsync("availability", "shadow", "", "by hand", Cancellation);
        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "", "again", Cancellation)
        );
        await setup.Admin.UnfreezeAsync("availability", "The setting is back.", Cancellation);
        var again = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.UnfreezeAsync("availability", "twice", Cancellation)
        );
        var gated = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "", "again", Cancellation)
        );
        var changes = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes;

        Assert.Equal("lookup", stage);
        Assert.Contains("is frozen by its guard", Assert.Single(refused.Faults).Problem, StringComparison.Ordinal);
        Assert.Contains("is not frozen", Assert.Single(again.Faults).Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(gated.Faults, fault => fault.Path == "guard");
        Assert.Equal(
            [("shadow", "Ada", false), ("shadow", "Ada", true), ("lookup", "guard", true)],
            changes.Take(3).Select(change => (change.To, change.Who, change.Frozen))
        );
    }

    [Fact]
    public async Task DryRun_SaysAndCountsOnce_AndChangesNothing()
    {
        await using var setup = await StartAsync(settings: (Route + "Guards:DryRun", "true"));
        setup.Answers.Put("7", Seven);

        await GetAsync(setup);
        await GuardAsync(setup, guard => guard is { State: "tripped", DryTrips: 1 });
        await setup.Gateway.Guards.StepAsync(Cancellation);
        var route = await setup.Admin.RouteAsync("availability", Cancellation);

        Assert.Equal(("lookup", 1L, 0), (route.Stage, route.Guard!.DryTrips, route.Guard.Trips));
        Assert.Single((await setup.Admin.HistoryAsync("availability", Cancellation)).Changes);
    }

    /// <summary>Legacy answers at once, and the store gets to know when it is back.</summary>
    [Fact]
    public async Task Wrong_StoreIsGone_StepsBackHereAndTellsTheStoreLater()
    {
        await using var setup = await StartAsync();
        setup.Answers.Put("7", Seven);
        await DenyAsync(setup, true);
        await GatewaySetup.UntilAsync(() => setup.Gateway.Stages.Current.Trouble is not null, "the store is gone");

        Assert.Equal(Seven, await GetAsync(setup));
        await GatewaySetup.UntilAsync(async () => await GetAsync(setup) == Eight, "legacy answers");
        var stored = setup.Gateway.Stages.Current.Find("availability")!.Version;
        await DenyAsync(setup, false);
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Stages.Current.Find("availability")!.Version > stored,
            "the store knows"
        );

        var change = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0];
        Assert.Equal(("shadow", "guard"), (change.To, change.Who));
        Assert.NotEqual(0, change.Evidence!.Value.GetProperty("figures").GetProperty("wrong").GetInt32());
    }

    [Fact]
    public async Task Fallbacks_BeyondTheLimit_RollBack()
    {
        await using var setup = await StartAsync(
            settings:
            [
                (Route + "Guards:MaxFallbacks", "0.5"),
                (Route + "Guards:MinRequests", "4"),
                (Route + "Recheck:Share", "0"),
            ]
        );
        setup.Answers.Documents["7"] = new Found.Miss(MissReason.Dirty);

        for (var request = 0; request < 4; request++)
            await GetAsync(setup);
        var route = await StageAsync(setup, "shadow");

        Assert.StartsWith("Guard 'max-fallbacks': The lookup failed 100 % of ", route.Why, StringComparison.Ordinal);
    }

    /// <summary>Without a source nothing can be compared, so that it is legacy.</summary>
    [Fact]
    public async Task Lag_BeyondTheLimit_RollsBack()
    {
        await using var setup = await StartAsync(
            settings:
            [
                (Route + "Guards:MaxLag", "00:00:30"),
                (Route + "MaxStaleness", "1.00:00:00"),
                (Route + "Promote", null),
                (Route + "Recheck:Share", null),
                (Route + "Recheck:MaxPerSecond", null),
                (Shadow + "AskAgain:PerSecond", null),
                (Shadow + "AskAgain:Pause", null),
                (Source, null),
            ]
        );
        setup.Answers.Put("7", Seven);
        await GuardAsync(setup, guard => guard.Rules.Any(rule => rule is { Rule: "max-lag", State: "armed" }));

        setup.Answers.Age = TimeSpan.FromHours(1);
        var route = await StageAsync(setup, "legacy");

        Assert.StartsWith("Guard 'max-lag': The documents are", route.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingIsCompared_IsBlindAndStays()
    {
        await using var setup = await StartAsync(settings: (Route + "Recheck:Share", "0"));

        setup.Answers.Put("7", Seven);
        await GuardAsync(setup, guard => guard.State == "blind");

        Assert.Equal("lookup", (await setup.Admin.RouteAsync("availability", Cancellation)).Stage);
        Assert.Contains(
            "availability",
            (await setup.Admin.HealthAsync(Cancellation)).Guards.Select(guard => guard.Route)
        );
    }

    private static async Task<RouteReport> StageAsync(GatewaySetup setup, string stage)
    {
        RouteReport route = null!;
        await GatewaySetup.UntilAsync(
            async () =>
            {
                await GetAsync(setup); // a busy machine drops a sample
                route = await setup.Admin.RouteAsync("availability", Cancellation);
                return route.StoredStage == stage;
            },
            $"the route is in '{stage}'"
        );
        return route;
    }

    private static Task GuardAsync(GatewaySetup setup, Func<Strangler.Evidence.Reports.GuardReport, bool> holds) =>
        GatewaySetup.UntilAsync(
            async () => (await setup.Admin.RouteAsync("availability", Cancellation)).Guard is { } guard && holds(guard),
            "the guard is in that state"
        );

    /// <summary>Takes the stages away from the gateway, or gives them back.</summary>
    private static async Task DenyAsync(GatewaySetup setup, bool isGone)
    {
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var command = data.CreateCommand(
            isGone ? "alter table gateway.route rename to route_gone" : "alter table gateway.route_gone rename to route"
        );
        await command.ExecuteNonQueryAsync(Cancellation);
    }

    private async Task<GatewaySetup> StartAsync(bool isStored = false, params (string Key, string? Value)[] settings)
    {
        var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.StartAsync(context =>
            {
                context.Response.ContentType = "application/json";
                return Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, Eight);
            }),
            start: false
        );
        setup.IsEvidenceStored = isStored;
        setup.Moments.Documents["7"] = Seven;
        (string Key, string? Value)[] preset =
        [
            (Source, setup.Store),
            (Route + "Stage", "lookup"),
            (Route + "Promote", "auto"),
            (Route + "Recheck:Share", "1"),
            (Route + "Recheck:MaxPerSecond", "1000"),
            (Route + "Guards:MaxWrong", "0"),
            (Shadow + "AskAgain:PerSecond", "1000"),
            (Shadow + "AskAgain:Pause", "00:00:00.01"),
        ];
        await setup.StartGatewayAsync(
            "legacy",
            [.. preset.ExceptBy(settings.Select(setting => setting.Key), setting => setting.Key), .. settings]
        );
        if (settings.All(setting => setting.Key != Source))
            await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        return setup;
    }
}
