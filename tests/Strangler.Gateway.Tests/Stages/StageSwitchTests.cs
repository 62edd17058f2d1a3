using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.Demo.Postgres;
using Strangler.Evidence.Gates;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Stages;
using Strangler.Hosting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Stages;

public sealed class StageSwitchTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Switch_AtRunTime_NeedsNoRestartAndIsKeptOverOne()
    {
        await using var setup = await StartAsync();
        Assert.Equal(
            $"legacy {Target}",
            await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken)
        );

        var promoted = await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "The figures agree.",
            TestContext.Current.CancellationToken
        );
        var answered = await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken);
        await setup.Gateway.DisposeAsync();
        await setup.StartGatewayAsync("legacy");
        var afterRestart = await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken);
        var report = await setup.Admin.RouteAsync("availability", TestContext.Current.CancellationToken);

        Assert.Equal(
            ("lookup", "Ada", "The figures agree.", 2),
            (promoted.Stage, promoted.Who, promoted.Why, promoted.Version)
        );
        Assert.Equal("""{"sku":7}""", answered);
        Assert.Equal("""{"sku":7}""", afterRestart);
        Assert.Equal(
            ("lookup", "lookup", "legacy", "Ada"),
            (report.Stage, report.StoredStage, report.ConfiguredStage, report.Who)
        );
    }

    [Fact]
    public async Task Switch_ToAStage_IsLoggedByTheWordThatPeopleWrite()
    {
        using var log = new Forwarding.KeptLog();
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        setup.Loggers = log;
        await setup.StartGatewayAsync();

        await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "Why not.",
            TestContext.Current.CancellationToken
        );

        await GatewaySetup.UntilAsync(
            () =>
                log.Lines.Any(line =>
                    line.Contains("Route 'availability' is in stage 'lookup'", StringComparison.Ordinal)
                ),
            "the stage is logged"
        );
    }

    [Fact]
    public async Task Switch_ThroughOneGateway_IsFollowedByTheOther()
    {
        await using var setup = await StartAsync();
        var first = setup.Gateway;
        var second = await setup.StartGatewayAsync();

        await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "Why not.",
            TestContext.Current.CancellationToken
        );
        await GatewaySetup.UntilAsync(
            () => first.Stages.StageOf("availability") == Stage.Lookup,
            "the other gateway follows"
        );
        Assert.True(
            await second.Store.TryChangeAsync(
                "availability",
                2,
                Stage.Legacy,
                "Bob",
                "Because.",
                TestContext.Current.CancellationToken
            )
        );

        await GatewaySetup.UntilAsync(
            () =>
                first.Stages.StageOf("availability") == Stage.Legacy
                && second.Stages.StageOf("availability") == Stage.Legacy,
            "both follow what neither did"
        );
    }

    /// <summary>
    /// The store's backup is of a time at which the lookup answered, and an operator rolled the route back since.
    /// </summary>
    [Fact]
    public async Task Store_RestoredToBeforeARollback_RouteIsLegacysUntilAPersonPromotesIt()
    {
        using var log = new Forwarding.KeptLog();
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        setup.Loggers = log;
        setup.Answers.Put("7", """{"sku":7}""");
        var other = await setup.StartGatewayAsync();
        await setup.StartGatewayAsync();
        await using var store = NpgsqlDataSource.Create(setup.Store);
        await ForceAsync("lookup");
        Assert.Equal("""{"sku":7}""", await AnswerAsync());
        await ExecuteAsync("create table backup as select * from gateway.route");
        await setup.Admin.ChangeStageAsync("availability", "legacy", "Ada", "It answers wrongly.", Cancellation);
        await GatewaySetup.UntilAsync(() => other.Stages.Current.Find("availability")!.Version == 3, "it is followed");

        await ExecuteAsync(
            "update gateway.route r set stage = b.stage, version = b.version, changed_at = b.changed_at, who = b.who, "
                + "why = b.why from backup b where b.route = r.route and b.version <> r.version"
        );
        await setup.Gateway.Poll.RefreshAsync(Cancellation);
        var answered = await AnswerAsync();
        await GatewaySetup.UntilAsync(
            () => new[] { other, setup.Gateway }.All(one => one.Stages.Current.Find("availability")!.Version >= 4),
            "both are told"
        );
        var routes = await setup.Admin.RoutesAsync(Cancellation);
        var health = await setup.Admin.HealthAsync(Cancellation);
        var restored = Assert.Single(routes.Routes, route => route.Route == "availability");
        await ForceAsync("lookup");
        var promoted = await AnswerAsync();
        var after = await setup.Admin.HealthAsync(Cancellation);

        Assert.Equal($"legacy {Target}", answered);
        Assert.Equal(("legacy", "legacy", "gateway"), (restored.Stage, restored.StoredStage, restored.Who));
        Assert.Contains("The store was put back to an older copy", restored.Why, StringComparison.Ordinal);
        Assert.Equal([$"Route 'availability' is put back to legacy: {restored.Why}"], routes.GatewayFaults);
        Assert.Equal(routes.GatewayFaults, health.GatewayFaults);
        Assert.Contains(log.Lines, line => line.Contains(routes.GatewayFaults[0], StringComparison.Ordinal));
        Assert.Equal("""{"sku":7}""", promoted);
        Assert.Empty(after.GatewayFaults);

        Task<Strangler.Gateway.Admin.RouteReport> ForceAsync(string stage) =>
            setup.Admin.ForceStageAsync("availability", stage, "Ada", "Why not.", Cancellation);
        Task<string> AnswerAsync() => setup.Client.GetStringAsync(Target, Cancellation);
        async Task ExecuteAsync(string sql)
        {
            await using var command = store.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Store_KilledUnderWay_RoutesGoOnInTheLastStagesKnown()
    {
        if (PostgresPrograms.Find() is not { } programs)
        {
            Assert.Skip("PostgreSQL's server programs are not on this machine.");
            return;
        }
        await using var server = await PostgresServer.StartAsync(
            programs,
            null,
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        await using var setup = new GatewaySetup
        {
            Store = server.ConnectionString(),
            Upstream = await Upstream.EchoAsync(),
        };
        await setup.MigrateAsync();
        setup.Answers.Put("7", """{"sku":7}""");
        await setup.StartGatewayAsync("lookup");

        await server.StopAsync(immediate: true, TestContext.Current.CancellationToken);
        await GatewaySetup.UntilAsync(
            () =>
                setup.Gateway.Stages.Current.Trouble?.Contains("No PostgreSQL answers", StringComparison.Ordinal)
                    is true,
            "the gateway notices"
        );
        var without = await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken);
        var report = await setup.Admin.RoutesAsync(TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "legacy", "Ada", "Now.", TestContext.Current.CancellationToken)
        );
        var restarted = await setup.StartGatewayAsync("lookup");
        var fresh = await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken);
        File.Delete(server.LogFile); // starts over
        await server.StartAgainAsync(TestContext.Current.CancellationToken);
        await GatewaySetup.UntilAsync(() => restarted.Stages.Current.Trouble is null, "the store is read again");

        Assert.Equal("""{"sku":7}""", without);
        Assert.NotNull(report.StoreTrouble);
        Assert.Contains("The store does not answer", refused.Message, StringComparison.Ordinal);
        Assert.Equal($"legacy {Target}", fresh);
        Assert.Equal("""{"sku":7}""", await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Start_PortOfTheGatewayTaken_IsSaidInASentence()
    {
        await using var setup = await StartAsync();

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            setup.StartGatewayAsync("legacy", ("Gateway:Urls", setup.Upstream.Address))
        );

        Assert.Equal("Gateway:Urls", Assert.Single(fault.Faults).Path);
        Assert.Contains("another port", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Cancelled_EndsWithoutAnException()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        using var stop = new CancellationTokenSource();
        // it serves without its projections, too
        var configuration = GatewaySetup.Configured(
            setup.Store,
            setup.Upstream.Address,
            settings: ("Projections:Assemblies:0", "/nowhere/Team.dll")
        );
        var heard = new List<Fault>();
        var run = GatewayHost.RunAsync(
            configuration,
            new PartStates(),
            AsyncEnumerable.Empty<ChangedConfiguration>(),
            NullLoggerFactory.Instance,
            heard.AddRange,
            stop.Token
        );
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await GatewaySetup.UntilAsync(
            () => new StageStore(data).ReadAsync(CancellationToken.None).GetAwaiter().GetResult().Count == 2,
            "it runs"
        );

        await stop.CancelAsync();

        await run.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Contains("Team.dll", Assert.Single(heard).ToString(), StringComparison.Ordinal);
    }

    private async Task<GatewaySetup> StartAsync()
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());
        setup.Answers.Put("7", """{"sku":7}""");
        return setup;
    }
}
