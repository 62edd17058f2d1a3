using Strangler.Gateway.Reports;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Admin;

/// <summary>Why a projection isn't served is read wherever its routes are.</summary>
public sealed class ProjectionTroubleTests(PostgresFixture postgres)
{
    private const string Said = "The table 'public.stock' is in doubt, so that look-ups go to legacy. It was dropped.";
    private static readonly BuildState InDoubt = new("v1") { InDoubt = [new("public.stock", "It was dropped.")], InDoubtCount = 1 };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admin_TableInDoubt_IsSaidOfEachRouteThatReadsItAndOfNoOther()
    {
        await using var setup = await StartAsync(InDoubt);

        await GatewaySetup.UntilAsync(async () => (await setup.Admin.HealthAsync(Cancellation)).Projections is [{ Troubles.Count: > 0 }], "health says it");
        var health = await setup.Admin.HealthAsync(Cancellation);
        var routes = (await setup.Admin.RoutesAsync(Cancellation)).Routes;
        var report = await setup.Admin.ReportAsync("availability", Cancellation);

        Assert.Equal(("ItemAvailability", Said), (health.Projections[0].Projection, Assert.Single(health.Projections[0].Troubles)));
        Assert.Equal([("availabilities", [Said]), ("availability", [Said]), ("bare", Array.Empty<string>())], routes.Select(route => (route.Route, route.ProjectionTroubles.ToArray())), new RouteComparer());
        Assert.Equal(Said, Assert.Single(Assert.Single(report.Routes).ProjectionTroubles));
        Assert.Contains("! The table 'public.stock' is in doubt", TextReport.Write(report), StringComparison.Ordinal);
        using var page = new StringWriter();
        HtmlReport.Write(page, report);
        Assert.Contains($"<li>{Said.Replace("'", "&#39;", StringComparison.Ordinal)}</li>", page.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Log_TroubleThatComesStaysAndGoes_SaysEachChangeOnce()
    {
        using var log = new KeptLog();
        await using var setup = await StartAsync(InDoubt, log);

        await LoggedAsync("The projection 'ItemAvailability' is not served: " + Said);
        setup.Answers.Build = InDoubt with { Problem = "It has no column." };
        await LoggedAsync("The projection 'ItemAvailability' is not served: It has stopped, so that look-ups go to legacy. It has no column. " + Said);
        setup.Answers.Build = new BuildState("v1");
        await LoggedAsync("Nothing keeps the projection 'ItemAvailability' from being served any more.");

        Assert.Equal(3, log.Lines.Count(line => line.Contains("Strangler.Gateway.Health.BuildWatch", StringComparison.Ordinal)));

        Task LoggedAsync(string text) => GatewaySetup.UntilAsync(() => log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)), $"it is logged: {text}");
    }

    private async Task<GatewaySetup> StartAsync(BuildState build, KeptLog? log = null)
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        (setup.Answers.Build, setup.Loggers, setup.IsEvidenceStored) = (build, log, true);
        await setup.StartGatewayAsync("legacy", ("ReverseProxy:Routes:bare:ClusterId", "legacy"), ("ReverseProxy:Routes:bare:Match:Path", "/bare"), ("ReverseProxy:Routes:bare:Strangler:Stage", "legacy"));
        return setup;
    }

    private sealed class RouteComparer : IEqualityComparer<(string Route, string[] Troubles)>
    {
        public bool Equals((string Route, string[] Troubles) one, (string Route, string[] Troubles) other) => one.Route == other.Route && one.Troubles.SequenceEqual(other.Troubles);

        public int GetHashCode((string Route, string[] Troubles) one) => one.Route.GetHashCode(StringComparison.Ordinal);
    }
}
