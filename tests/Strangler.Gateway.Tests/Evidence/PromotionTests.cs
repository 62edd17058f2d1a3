using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Evidence.Storing;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Reporting;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>The gate, the report and the examples, through the admin API of a gateway and its store.</summary>
public sealed class PromotionTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeStage_ToLookupWithoutEvidence_IsRefusedAndForcedOnlyWithAReasonThatIsKept()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
        );
        var reasonless = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ForceStageAsync("availability", "lookup", "Ada", " ", Cancellation)
        );
        var forced = await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "The demo is at noon.",
            Cancellation
        );
        var change = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0];

        Assert.Equal(
            ["gate:evidence", "gate:min-matches", "gate:min-keys", "gate:min-coverage", "gate"],
            refused.Faults.Select(fault => fault.Path)
        );
        Assert.Equal("why", Assert.Single(reasonless.Faults).Path);
        Assert.Equal(("lookup", 2), (forced.Stage, forced.Version));
        Assert.Equal(
            (true, "Ada", "The demo is at noon.", 0),
            (change.Forced, change.Who, change.Why, change.Evidence!.Value.GetProperty("compared").GetInt64())
        );
    }

    [Fact]
    public async Task ChangeStage_WithEnoughEvidence_IsTakenAndTheEvidenceIsKept()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            ("ReverseProxy:Routes:availability:Strangler:Gate:MinMatches", "30"),
            ("ReverseProxy:Routes:availability:Strangler:Gate:MinKeys", "10")
        );
        var scope = Scope(setup);
        await FillAsync(setup, scope with { Rules = "others" }, 40, Sampling.Quiet);
        var early = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
        );
        await FillAsync(setup, scope, 40, Sampling.Quiet);

        var promoted = await setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "They agree.", Cancellation);
        var change = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0];

        Assert.Contains("another version or other rules", early.Message, StringComparison.Ordinal);
        Assert.Equal("lookup", promoted.Stage);
        Assert.Equal(
            (false, 40, 40),
            (
                change.Forced,
                change.Evidence!.Value.GetProperty("matches").GetInt64(),
                change.Evidence.Value.GetProperty("keys").GetInt64()
            )
        );
    }

    [Fact]
    public async Task ChangeStage_OneWrongInTheScope_IsRefusedAndNamesThePath()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            ("ReverseProxy:Routes:availability:Strangler:Gate:MinMatches", "30"),
            ("ReverseProxy:Routes:availability:Strangler:Gate:MinKeys", "10")
        );
        await FillAsync(setup, Scope(setup), 40, Sampling.Quiet);
        await FillAsync(setup, Scope(setup), 1, Sampling.Wrong("$.lines[*].qty"));

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
        );

        Assert.Equal(["gate:wrong", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains("'$.lines[*].qty'", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>Each rule about the traffic alone keeps a gate closed that everything else would open.</summary>
    [Theory]
    [InlineData("MaxUnseen", "0.99", "gate:max-unseen")]
    [InlineData("MinTime", "00:30:00", "gate:min-time")]
    [InlineData("MaxUnclear", "0.1", "gate:max-unclear")]
    [InlineData("MinCoverage", "0.9", "gate:min-coverage")]
    public async Task ChangeStage_TrafficThatProvesTooLittle_IsRefusedByItsRule(string key, string value, string rule)
    {
        (string Key, string? Value) Set(string name, string to) => (GatedRoute.Route + "Gate:" + name, to);
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            Set("MinMatches", "30"),
            Set("MinKeys", "10"),
            Set("MinCoverage", "0.5"),
            Set("MaxUnclear", "0.5"),
            Set(key, value)
        );
        await FillAsync(setup, Scope(setup), 40, Sampling.Quiet);
        for (var other = 40; other < 50; other++) // never matches
            await FillAsync(setup, Scope(setup), new Verdict.Undetermined(Doubt.Noise, ""), $"{other}");

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
        );

        Assert.Equal([rule, "gate"], refused.Faults.Select(fault => fault.Path));
    }

    [Fact]
    public async Task ChangeStage_DocumentsTooOld_IsRefusedUntilTheyAreNot()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            (GatedRoute.Route + "Gate:MinMatches", "30"),
            (GatedRoute.Route + "Gate:MinKeys", "10")
        );
        await FillAsync(setup, Scope(setup), 40, Sampling.Quiet);
        setup.Answers.Age = TimeSpan.FromHours(1);

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
        );
        setup.Answers.Age = TimeSpan.Zero;
        var promoted = await setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);

        Assert.Equal(["gate:max-lag", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Equal("lookup", promoted.Stage);
    }

    [Fact]
    public async Task ChangeStage_EvidenceWasLost_IsRefusedAboveTheLimitAndSaidBelowIt()
    {
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            ("ReverseProxy:Routes:availability:Strangler:Gate:MinMatches", "30"),
            ("ReverseProxy:Routes:availability:Strangler:Gate:MinKeys", "10")
        );
        await FillAsync(setup, Scope(setup), 97, Sampling.Quiet);
        await LoseAsync(setup, 1); // another gateway with the same store

        var refused = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
        );
        await FillAsync(setup, Scope(setup), 1, Sampling.Quiet);
        var promoted = await setup.Admin.ChangeStageAsync(
            "availability",
            "lookup",
            "Ada",
            "One in a hundred.",
            Cancellation
        );
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(["gate:max-lost", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains("1 comparison and 0 samples were lost", refused.Message, StringComparison.Ordinal);
        Assert.Equal("lookup", promoted.Stage);
        Assert.Contains("1 comparison and 0 samples were lost", promoted.Note, StringComparison.Ordinal);
        Assert.Equal(1, report.Requests.Lost);
        Assert.Contains(
            "1 lost on the way to the store",
            TextReport.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [report])),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Report_OfARealStore_FitsItsSchemaAndHoldsWhatCame()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());
        foreach (
            var verdict in new[]
            {
                Sampling.Quiet,
                new Verdict.Match(false, 1),
                Sampling.Wrong("$.qty"),
                Verdict.Torn.Value,
                new Verdict.Incomparable(IncomparableReason.TooLarge),
                new Verdict.Undetermined(Doubt.NoBudget, ""),
            }
        )
            await FillAsync(setup, Scope(setup), 3, verdict);
        setup.Gateway.Evidence.Drop(Scope(setup), DropReason.NoSight);
        setup.Gateway.Evidence.Drop(Scope(setup), DropReason.Undeclared);

        var report = await setup.Admin.ReportAsync("availability", Cancellation);
        var all = await setup.Admin.ReportAsync(Cancellation);
        var route = Assert.Single(report.Routes);
        var example = await setup.Admin.ExampleAsync(route.Differences[0].Examples[0], Cancellation);

        Assert.Empty(SchemaCheck.Faults(ReportJson.Schema(), ReportJson.Write(all)));
        Assert.Equal(["availabilities", "availability"], all.Routes.Select(one => one.Route));
        Assert.Equal(
            (18, 3, 3, 3, 3, 3, 3),
            (
                route.Verdicts.Total,
                route.Verdicts.MatchQuiet,
                route.Verdicts.MatchWithCommit,
                route.Verdicts.Wrong,
                route.Verdicts.Torn,
                route.Verdicts.Incomparable,
                route.Verdicts.Undetermined
            )
        );
        Assert.Equal(0.5, route.Verdicts.UnclearShare);
        Assert.Equal(
            (18, 18, 1, 1, 0),
            (
                route.Requests.Sampled,
                route.Requests.Compared,
                route.Requests.Dropped,
                route.Requests.NotSampled,
                route.Requests.Lost
            )
        );
        Assert.Equal(["no-sight"], route.Requests.DroppedBy.Select(reason => reason.Reason));
        Assert.Equal(["undeclared"], route.Requests.NotSampledBy.Select(reason => reason.Reason));
        Assert.Equal(
            [("no-budget", 3)],
            route.Verdicts.UndeterminedBy.Select(reason => (reason.Reason, (int)reason.Count))
        );
        Assert.Equal((3, 3, 3), (route.Versions.Compared, route.Versions.Wrong, route.Bound.Distinct));
        Assert.Equal(20, route.Latency.Legacy.P99);
        Assert.Equal(3, route.OverTime.Sum(span => span.Wrong));
        Assert.Equal(
            (("$.qty", "value", 3), "v1"),
            (
                (route.Differences[0].Path, route.Differences[0].Kind, (int)route.Differences[0].Count),
                route.Scope.Version
            )
        );
        Assert.Equal("""{"qty":7}""", example.Legacy!.Body);
        Assert.False(route.Gate.Ready);
    }

    [Theory]
    [InlineData("routes/nothing/report", "'availability'")]
    [InlineData("evidence/examples/NOTHING", "strangler report")]
    [InlineData("examples/NOTHING/explain", "strangler report")]
    public async Task Evidence_OfWhatIsNotThere_IsAFaultWithAWayOut(string path, string said)
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());

        using var response = await setup.AdminHttp.GetAsync(path, Cancellation);

        Assert.Equal(404, (int)response.StatusCode);
        Assert.Contains(said, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_TwoGateways_ShareTheirEvidence()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync());
        await FillAsync(setup, Scope(setup), 5, Sampling.Quiet);
        await setup.Gateway.Evidence.FlushAsync(Cancellation);
        await setup.StartGatewayAsync();
        await FillAsync(setup, Scope(setup), 5, Sampling.Quiet);

        var route = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal((10, 5, 5), (route.Verdicts.MatchQuiet, route.Keys.Matched, route.Versions.Matched));
    }

    private static EvidenceScope Scope(GatewaySetup setup) =>
        EvidenceReports.ScopeOf(setup.Gateway.Routes.Find("availability")!)!.Value;

    /// <summary>One comparison is kept, and this many have no room.</summary>
    private static async Task LoseAsync(GatewaySetup setup, int lost)
    {
        await using var data = NpgsqlDataSource.Create(setup.Store);
        var limits = EvidenceLimits.Default with { Waiting = 1 };
        using var writer = new EvidenceWriter(
            new EvidenceStore(data, limits),
            limits,
            TimeProvider.System,
            new Random(1),
            NullLogger<EvidenceWriter>.Instance
        );
        for (var i = 0; i <= lost; i++)
            writer.Add(Sampling.Of(Sampling.Part("0", Sampling.Quiet), TimeProvider.System.GetUtcNow(), Scope(setup)));
        Assert.Equal(lost, writer.Lost);
        Assert.True(await writer.FlushAsync(Cancellation));
    }

    private static Task FillAsync(GatewaySetup setup, EvidenceScope scope, int keys, Verdict verdict) =>
        FillAsync(
            setup,
            scope,
            verdict,
            [.. Enumerable.Range(0, keys).Select(key => key.ToString(CultureInfo.InvariantCulture))]
        );

    private static async Task FillAsync(GatewaySetup setup, EvidenceScope scope, Verdict verdict, params string[] keys)
    {
        foreach (var text in keys)
        {
            setup.Gateway.Evidence.Sample(scope, [text]);
            setup.Gateway.Evidence.Add(
                Sampling.Of(Sampling.Part(text, verdict), TimeProvider.System.GetUtcNow(), scope)
            );
        }
        // The gate's own flush is limited to two seconds, and the first one compiles its statements.
        Assert.True(await setup.Gateway.Evidence.FlushAsync(Cancellation));
    }
}
