using Strangler.Evidence.Rendering;
using Strangler.Evidence.Rendering.Html;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Health;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Admin;

/// <summary>Why a projection isn't served is shown wherever its routes are.</summary>
public sealed class ProjectionTroubleTests(PostgresFixture postgres)
{
    private const string Said = "The table 'public.stock' is in doubt, so that look-ups go to legacy. It was dropped.";
    private const string Stopped = "It has stopped, so that look-ups go to legacy. It has no column.";

    private static readonly BuildState InDoubt = new("v1")
    {
        InDoubt = [new("public.stock", "It was dropped.")],
        InDoubtCount = 1,
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Admin_TableInDoubt_IsSaidOfEachRouteThatReadsItAndOfNoOther()
    {
        await using var setup = await StartAsync(InDoubt);

        await GatewaySetup.UntilAsync(
            async () => (await setup.Admin.HealthAsync(Cancellation)).Projections is [{ Troubles.Count: > 0 }],
            "health says it"
        );
        var health = await setup.Admin.HealthAsync(Cancellation);
        var routes = (await setup.Admin.RoutesAsync(Cancellation)).Routes;
        var report = await setup.Admin.ReportAsync("availability", Cancellation);

        var found = Assert.Single(health.Projections);
        Assert.Equal(("ItemAvailability", Said), (found.Projection, Assert.Single(found.Troubles)));
        Assert.Equal(
            [$"availabilities: {Said}", $"availability: {Said}", "bare: "],
            routes.Select(route => $"{route.Route}: {string.Join('|', route.ProjectionTroubles)}")
        );
        Assert.Equal(Said, Assert.Single(Assert.Single(report.Routes).ProjectionTroubles));
        Assert.Contains("! The table 'public.stock' is in doubt", TextReport.Write(report), StringComparison.Ordinal);
        using var page = new StringWriter();
        HtmlReport.Write(page, report);
        var escaped = Said.Replace("'", "&#39;", StringComparison.Ordinal);
        Assert.Contains($"<li>{escaped}</li>", page.ToString(), StringComparison.Ordinal);
    }

    /// <summary>What servers, parts and the team's code say may hold a user's data.</summary>
    [Fact]
    public async Task Health_WithoutAToken_GivesStatesAndNoSentenceOfOthers()
    {
        const string Value = "ada@example.org";
        var at = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        await using var setup = await StartAsync(new BuildState("v1") { Problem = $"A link threw: {Value}." });
        setup.Parts.Hear(
            PartState.ToLine([
                new("bridge", IsRunning: false, at, 2, [$"{Value}."], at.AddSeconds(30))
                {
                    LastError = new(at, $"{Value}."),
                },
            ])
        );
        setup.Parts.SetGatewayFaults([$"{Value}."]);
        await GatewaySetup.UntilAsync(
            async () => (await setup.Admin.HealthAsync(Cancellation)).Projections is [{ Troubles.Count: > 0 }],
            "health says it"
        );
        using var http = GatewaySetup.Connect(setup.Gateway.AdminAddress);

        var body = await http.GetStringAsync("/health", Cancellation);
        http.DefaultRequestHeaders.Authorization = new("Bearer", new string('0', 64));
        var withUnknown = await http.GetStringAsync("/health", Cancellation);
        http.DefaultRequestHeaders.Authorization = null;
        var health = await new AdminClient(http).HealthAsync(Cancellation);

        Assert.DoesNotContain(Value, body, StringComparison.Ordinal);
        Assert.DoesNotContain(Value, withUnknown, StringComparison.Ordinal);
        Assert.Equal(("serving", null), (health.Status, health.StoreTrouble));
        var part = Assert.Single(health.Parts);
        Assert.Equal(
            ("bridge", false, at, 2, at.AddSeconds(30), at),
            (part.Part, part.IsRunning, part.Since, part.ExitCode, part.NextTry, part.LastError?.At)
        );
        var sentences = (string[])
            [
                .. part.Faults,
                part.LastError!.Text,
                .. health.GatewayFaults,
                .. Assert.Single(health.Projections).Troubles,
            ];
        Assert.Equal(4, sentences.Length);
        Assert.All(
            sentences,
            sentence => Assert.StartsWith("Reading this requires a token", sentence, StringComparison.Ordinal)
        );
        var known = await setup.Admin.HealthAsync(Cancellation);
        Assert.Equal($"{Value}.", Assert.Single(known.Parts).LastError?.Text);
        Assert.Equal($"{Value}.", Assert.Single(known.GatewayFaults));
    }

    [Fact]
    public async Task Log_TroubleThatComesStaysAndGoes_SaysEachChangeOnce()
    {
        using var log = new KeptLog();
        await using var setup = await StartAsync(InDoubt, log);

        await LoggedAsync("The projection 'ItemAvailability' is not served: " + Said);
        setup.Answers.Build = InDoubt with { Problem = "It has no column." };
        await LoggedAsync($"The projection 'ItemAvailability' is not served: {Stopped} {Said}");
        setup.Answers.Build = new BuildState("v1");
        await LoggedAsync("The projection 'ItemAvailability' can be served now.");

        Assert.Equal(3, log.Lines.Count(line => line.Contains(nameof(BuildWatch), StringComparison.Ordinal)));

        Task LoggedAsync(string text) =>
            GatewaySetup.UntilAsync(
                () => log.Lines.Any(line => line.Contains(text, StringComparison.Ordinal)),
                $"it is logged: {text}"
            );
    }

    private async Task<GatewaySetup> StartAsync(BuildState build, KeptLog? log = null)
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        (setup.Answers.Build, setup.Loggers, setup.IsEvidenceStored) = (build, log, true);
        await setup.StartGatewayAsync(
            "legacy",
            ("ReverseProxy:Routes:bare:ClusterId", "legacy"),
            ("ReverseProxy:Routes:bare:Match:Path", "/bare"),
            ("ReverseProxy:Routes:bare:Strangler:Stage", "legacy")
        );
        return setup;
    }
}
