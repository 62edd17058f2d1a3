using System.Net.Http.Json;
using Strangler.Gateway.Configuration;
using Strangler.Gateway.Lookup;
using Strangler.Gateway.Reloading;
using Strangler.Gateway.Shadowing;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Reloading;

/// <summary>Routes with a projection whose section changes while the gateway serves.</summary>
public sealed class ReloadedLookupTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availabilities:";
    private const string Section = Route + "Strangler:";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Change_LimitOfARouteInLookup_IsTakenAndTheStageStays()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), "lookup");
        setup.Answers.Put("7", """{"sku":7}""");
        setup.Answers.Put("8", """{"sku":8}""");
        await AskAsync(setup);
        Assert.Equal(0, setup.Counted("availabilities", "too-many-keys"));

        await setup.Changes.Writer.WriteAsync(
            new ChangedConfiguration(
                // what it begins in is not what it is in
                GatewaySetup.Configured(setup.Store, setup.Upstream.Address, "legacy", (Section + "MaxKeys", "1")),
                []
            ),
            Cancellation
        );
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Routes.Find("availabilities")!.Model.Lookup!.MaxKeys == 1,
            "the change is applied"
        );
        await AskAsync(setup);

        Assert.Equal(1, setup.Counted("availabilities", "too-many-keys"));
        Assert.Equal(2, setup.Gateway.Routes.Find("availabilities")!.Stats.Lookup.Count + 1);
    }

    /// <summary>
    /// Evidence starts over only where the rules' scope or the requests changed, and what was sampled before is
    /// compared by the rules of its time.
    /// </summary>
    [Theory]
    [InlineData(Section + "Shadow:Share", "0.5", true)]
    [InlineData(Section + "Gate:MinMatches", "7", true)]
    [InlineData(Section + "Compare:Ignore:0", "$.a", false)]
    [InlineData(Route + "Match:Methods:1", "PUT", false)]
    [InlineData(Route + "Match:Path", "/api/availabilities", false)]
    [InlineData(Route + "Match:Hosts:0", "shop.example", false)]
    [InlineData(Section + "Query:0", "area", false)]
    public void Take_ChangedRoute_KeepsTheScopeUnlessTheRulesOrTheRequestsChange(string key, string value, bool isKept)
    {
        var before = Model();
        var routes = new CurrentRoutes(before);
        var shadows = new ShadowRoutes(new GatewayRoutes(routes, TimeProvider.System), before, TimeProvider.System);
        var (changed, same) = (shadows.Find("availabilities")!, shadows.Find("availability")!);

        routes.Take(Model((key, value)).Routes);

        Assert.Same(same, shadows.Find("availability"));
        Assert.NotSame(changed, shadows.Find("availabilities"));
        Assert.Equal(isKept, changed.Scope == shadows.Find("availabilities")!.Scope);
        Assert.True(changed.Waiting.Completion.IsCompleted); // takes no more; what waits is compared
        Assert.False(same.Waiting.Completion.IsCompleted);
        Assert.Equal(3, Begun(shadows));
    }

    [Fact]
    public void Take_RouteWithoutAChange_BeginsNothing()
    {
        var model = Model();
        var routes = new CurrentRoutes(model);
        var shadows = new ShadowRoutes(new GatewayRoutes(routes, TimeProvider.System), model, TimeProvider.System);
        Assert.Equal(2, Begun(shadows));

        routes.Take(Model().Routes);

        Assert.Equal(0, Begun(shadows));
    }

    /// <summary>A gate that waits for samples taken before doesn't overlook those taken before a change.</summary>
    [Fact]
    public async Task WaitForEarlier_SampleFromBeforeTheChange_IsWaitedFor()
    {
        var model = Model();
        var routes = new CurrentRoutes(model);
        var shadows = new ShadowRoutes(new GatewayRoutes(routes, TimeProvider.System), model, TimeProvider.System);
        var before = shadows.Find("availabilities")!;
        var place = before.Places.TryTake()!.Value;
        routes.Take(Model((Section + "Shadow:Share", "0.5")).Routes);
        routes.Take(Model((Section + "Shadow:Share", "0.6")).Routes);
        var now = shadows.Find("availabilities")!;

        Assert.Equal(1, await now.WaitForEarlierAsync(TimeSpan.FromMilliseconds(1), Cancellation));

        var waiting = now.WaitForEarlierAsync(GatewaySetup.Deadline, Cancellation);
        before.Places.GiveBack(place);
        Assert.Equal(0, await waiting);
        Assert.Equal(0, await now.WaitForEarlierAsync(TimeSpan.FromMilliseconds(1), Cancellation));
    }

    private static int Begun(ShadowRoutes shadows)
    {
        var count = 0;
        while (shadows.Begun.TryRead(out _))
            count++;
        return count;
    }

    private static async Task AskAsync(GatewaySetup setup)
    {
        using var answer = await setup.Client.PostAsJsonAsync(
            "/api/availability",
            new { skus = (string[])["7", "8"] },
            Cancellation
        );
        answer.EnsureSuccessStatusCode();
    }

    private static GatewayModel Model(params (string Key, string? Value)[] settings)
    {
        var (model, faults) = GatewayConfigReader.Read(
            GatewaySetup.Configured(
                "Host=127.0.0.1",
                "http://127.0.0.1:9000/",
                "legacy",
                [("Gateway:Source", "Host=127.0.0.1;Username=u;Database=d"), .. settings]
            ),
            [new FakeResponder()]
        );
        Assert.Empty(faults);
        return model!;
    }
}
