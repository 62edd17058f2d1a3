using System.Globalization;
using Npgsql;
using Strangler.Comparing.Differences;
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

/// <summary>Dismissing faults, through the admin API of a gateway and its store.</summary>
public sealed class DismissalTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Dismiss_TheOnlyFault_OpensTheGateAndIsShownAndCounted()
    {
        await using var setup = await StartAsync();
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"));
        var example = (await ReportAsync(setup)).Examples.Single().Id;
        var refused = await PromoteAsync(setup);

        var dismissal = await setup.Admin.DismissAsync("availability", example, "a typing error", Cancellation);
        await AddAsync(setup, "1", Sampling.Wrong("$.qty")); // the same fault of another key
        var report = await ReportAsync(setup);
        var promoted = await setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);
        var kept = (await setup.Admin.HistoryAsync("availability", Cancellation)).Changes[0].Evidence!.Value;

        Assert.Equal(["gate:wrong", "gate"], refused);
        Assert.Equal(("Ada", "a typing error", example), (dismissal.Who, dismissal.Reason, dismissal.Example));
        Assert.Equal(["value $.qty"], dismissal.Paths);
        Assert.Equal(2, Assert.Single(report.Dismissals).Count);
        Assert.Equal((2, 2), (report.Verdicts.Wrong, report.Verdicts.Dismissed));
        Assert.True(report.Gate.Ready);
        Assert.Equal("lookup", promoted.Stage);
        Assert.Equal((2, 2), (kept.GetProperty("wrong").GetInt64(), kept.GetProperty("dismissed").GetInt64()));
        Assert.Empty(
            SchemaCheck.Faults(
                ReportJson.Schema(),
                ReportJson.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [report]))
            )
        );
    }

    [Theory]
    [InlineData("$.price")]
    [InlineData("$.qty", "$.price")]
    public async Task Dismiss_AnotherFaultComes_IsHeldAgainstTheGateAndNamed(params string[] paths)
    {
        await using var setup = await StartAsync();
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"));
        await DismissAsync(setup);
        await AddAsync(setup, "1", Sampling.Wrong(paths));

        var refused = await PromoteAsync(setup);
        var rule = (await ReportAsync(setup)).Gate.Rules.Single(rule => rule.Rule == "wrong");

        Assert.Equal(["gate:wrong", "gate"], refused);
        Assert.StartsWith("1 parts were wrong, at '", rule.Found, StringComparison.Ordinal);
        Assert.Contains("value $.price", rule.Found, StringComparison.Ordinal);
        Assert.EndsWith("1 part was wrong by a dismissed fault.", rule.Found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dismiss_TheSameFaultOfAnotherCause_IsHeldAgainstTheGate()
    {
        await using var setup = await StartAsync();
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"));
        await DismissAsync(setup);
        await AddAsync(setup, "1", (Verdict.Wrong)Sampling.Wrong("$.qty") with { Cause = WrongCause.Behind });

        Assert.Equal(["gate:wrong", "gate"], await PromoteAsync(setup));
    }

    /// <summary>New evidence counts the fault by itself; what was dismissed stays so.</summary>
    [Fact]
    public async Task Dismiss_ANewScopeBegins_TheFaultStaysDismissedThere()
    {
        await using var setup = await StartAsync();
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"), Scope(setup) with { Version = "earlier" });
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var read = data.CreateCommand("select id from gateway.evidence_example");
        var example = (string)(await read.ExecuteScalarAsync(Cancellation))!;
        await setup.Admin.DismissAsync("availability", example, "why", Cancellation);
        var before = (await ReportAsync(setup)).Dismissals.Single().Count;
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"));

        var after = await ReportAsync(setup);

        Assert.Equal((0, 1), (before, after.Dismissals.Single().Count));
        Assert.True(after.Gate.Ready);
    }

    [Fact]
    public async Task Dismiss_Twice_IsRefusedAndTheFirstStays()
    {
        await using var setup = await StartAsync();
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"));
        await DismissAsync(setup);

        var fault = await RefusedAsync(setup, "availability", (await ReportAsync(setup)).Examples.Single().Id, "again");

        Assert.Contains("'Ada' dismissed this fault", fault, StringComparison.Ordinal);
        Assert.Equal("why", (await ReportAsync(setup)).Dismissals.Single().Reason);
    }

    [Fact]
    public async Task Dismiss_WhatNobodyCanSetAside_IsRefused()
    {
        await using var setup = await StartAsync();
        var security = new Verdict.Wrong(
            [new Difference(DifferenceKind.Security, "status", "status", "403", "200")],
            WrongCause.Projection
        );
        var engine = (Verdict.Wrong)Sampling.Wrong("$.qty") with { Cause = WrongCause.Engine };
        await AddAsync(setup, "0", security);
        await AddAsync(setup, "1", engine);
        var examples = (await ReportAsync(setup)).Examples.ToDictionary(
            example => example.Cause,
            example => example.Id
        );

        var seen = await RefusedAsync(setup, "availability", examples["projection"], "why");
        var broken = await RefusedAsync(setup, "availability", examples["engine"], "why");
        var unknown = await RefusedAsync(setup, "availability", "NOTHING", "why");
        var elsewhere = await RefusedAsync(setup, "availabilities", examples["projection"], "why");
        var reasonless = await RefusedAsync(setup, "availability", examples["projection"], " ");

        Assert.Contains("Legacy refused this answer", seen, StringComparison.Ordinal);
        Assert.Contains("fault of Strangler", broken, StringComparison.Ordinal);
        Assert.Contains("doesn't exist", unknown, StringComparison.Ordinal);
        Assert.Contains("belongs to the route 'availability'", elsewhere, StringComparison.Ordinal);
        Assert.Contains("does not say why", reasonless, StringComparison.Ordinal);
        Assert.Empty((await ReportAsync(setup)).Dismissals);
    }

    [Fact]
    public async Task Dismiss_WithoutAToken_IsRefused()
    {
        await using var setup = await StartAsync();
        using var http = GatewaySetup.Connect(setup.Gateway.AdminAddress);

        using var response = await http.PostAsync(
            "routes/availability/dismissals",
            new StringContent("""{"example":"X","why":"y"}""", null, "application/json"),
            Cancellation
        );

        Assert.Equal(401, (int)response.StatusCode);
    }

    /// <summary>Faults beyond the bound are counted together, and nobody can dismiss them.</summary>
    [Fact]
    public async Task Write_MoreFaultsThanTheBound_AreCountedTogether()
    {
        await using var database = await EvidenceDatabase.CreateAsync(postgres);
        var limits = EvidenceLimits.Default with { Paths = 3 };
        var batch = new EvidenceBatch(limits);
        for (var fault = 0; fault < 9; fault++)
        {
            var comparison = Sampling.Of(Sampling.Part("7", Sampling.Wrong($"$.f{fault}")));
            batch.Add(comparison, Sampling.Examples(comparison, (ulong)fault));
        }
        await database.Store(limits).WriteAsync(batch, Cancellation);

        var faults = (await database.ReadAsync()).Counts.Where(count => count.What == CountNames.Fault).ToList();

        Assert.Equal(4, faults.Count);
        Assert.Equal(6, faults.Single(fault => fault.Name == CountNames.More).N);
    }

    [Theory]
    [InlineData("update gateway.dismissal set reason = 'other'")]
    [InlineData("delete from gateway.dismissal")]
    [InlineData("truncate gateway.dismissal")]
    public async Task Dismissal_IsKeptForEver(string change)
    {
        await using var setup = await StartAsync();
        await AddAsync(setup, "0", Sampling.Wrong("$.qty"));
        await DismissAsync(setup);
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var command = data.CreateCommand(change);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync(Cancellation));

        Assert.Contains("kept for ever", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>A gateway whose evidence is enough.</summary>
    private async Task<GatewaySetup> StartAsync()
    {
        var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            (GatedRoute.Route + "Gate:MinMatches", "30"),
            (GatedRoute.Route + "Gate:MinKeys", "10"),
            (GatedRoute.Route + "Gate:MinCoverage", "0.5")
        );
        for (var key = 100; key < 140; key++)
            await AddAsync(setup, key.ToString(CultureInfo.InvariantCulture), Sampling.Quiet, flushes: false);
        Assert.True(await setup.Gateway.Evidence.FlushAsync(Cancellation));
        return setup;
    }

    private static EvidenceScope Scope(GatewaySetup setup) =>
        EvidenceReports.ScopeOf(setup.Gateway.Routes.Find("availability")!)!.Value;

    private static async Task AddAsync(
        GatewaySetup setup,
        string key,
        Verdict verdict,
        EvidenceScope? scope = null,
        bool flushes = true
    )
    {
        var of = scope ?? Scope(setup);
        setup.Gateway.Evidence.Sample(of, [key]);
        setup.Gateway.Evidence.Add(Sampling.Of(Sampling.Part(key, verdict), TimeProvider.System.GetUtcNow(), of));
        if (flushes)
            Assert.True(await setup.Gateway.Evidence.FlushAsync(Cancellation));
    }

    private static async Task<EvidenceReport> ReportAsync(GatewaySetup setup) =>
        (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

    private static async Task DismissAsync(GatewaySetup setup) =>
        await setup.Admin.DismissAsync(
            "availability",
            (await ReportAsync(setup)).Examples.Single().Id,
            "why",
            Cancellation
        );

    /// <summary>The rules that refuse.</summary>
    private static async Task<IEnumerable<string>> PromoteAsync(GatewaySetup setup) =>
        (
            await Assert.ThrowsAsync<FaultException>(() =>
                setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation)
            )
        ).Faults.Select(fault => fault.Path);

    private static async Task<string> RefusedAsync(GatewaySetup setup, string route, string example, string why) =>
        (
            await Assert.ThrowsAsync<FaultException>(() => setup.Admin.DismissAsync(route, example, why, Cancellation))
        ).Message;
}
