using System.Net;
using Microsoft.AspNetCore.Http;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>What clients get while the lookup is away and legacy is protected.</summary>
public sealed class FallbackServingTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";
    private const string Limits = "ReverseProxy:Routes:availability:Strangler:Fallback:";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Fallback_AboveTheRoutesLimit_Get503WithASentenceAndIsCountedEverywhere()
    {
        var release = new TaskCompletionSource();
        await using var setup = await StartAsync(
            await Upstream.StartAsync(_ => release.Task),
            "lookup",
            (Limits + "MaxConcurrent", "1"),
            ("Gateway:AnswerHeader", "true")
        );
        var held = setup.Client.GetAsync(Target, Cancellation);
        await GatewaySetup.UntilAsync(() => setup.Upstream.Asked.Count == 1, "one is with legacy");

        using var refused = await setup.Client.GetAsync(Target, Cancellation);
        var undeclared = setup.Client.GetAsync($"{Target}?debug=1", Cancellation);
        await GatewaySetup.UntilAsync(() => setup.Upstream.Asked.Count == 2, "legacy's own requests pass");
        release.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.Equal("gateway; limit=concurrent", Assert.Single(refused.Headers.GetValues("Strangler-Answer")));
        Assert.Equal(
            "The service is busy (limit 'concurrent'). Try again in 1 s.\n",
            await refused.Content.ReadAsStringAsync(Cancellation)
        );
        Assert.All(await Task.WhenAll(held, undeclared), answer => Assert.Equal(HttpStatusCode.OK, answer.StatusCode));
        var stats = (await setup.Admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == "availability");
        Assert.Equal((1, 1), (stats.Refused, stats.RefusedBy["concurrent"]));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();
        Assert.Equal((1, "concurrent"), (report.Fallback.Refused, report.Fallback.RefusedBy.Single().Reason));
    }

    [Fact]
    public async Task Fallback_LegacyFails_IsTriedOneAtATimeAndHealthSaysSo()
    {
        var status = StatusCodes.Status503ServiceUnavailable;
        await using var setup = await StartAsync(
            await Upstream.StartAsync(context =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            }),
            "lookup",
            (Limits + "MaxFailures", "2"),
            (Limits + "RetryAfter", "00:01:00")
        );
        for (var i = 0; i < 4; i++)
            (await setup.Client.GetAsync(Target, Cancellation)).Dispose();
        status = StatusCodes.Status200OK;
        using var own = await setup.Client.GetAsync($"{Target}?debug=1", Cancellation);
        using var refused = await setup.Client.GetAsync(Target, Cancellation);

        var health = await setup.Admin.HealthAsync(Cancellation);
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(3, setup.Upstream.Asked.Count);
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(TimeSpan.FromMinutes(1), refused.Headers.RetryAfter!.Delta);
        Assert.Contains(health.GatewayFaults, fault => fault.StartsWith("Legacy fails", StringComparison.Ordinal));
        Assert.True(report.Fallback.IsCircuitOpen);
    }

    /// <summary>The front door never closes: what legacy answers by its stage is never limited.</summary>
    [Theory]
    [InlineData("legacy")]
    [InlineData("shadow")]
    public async Task Stage_InWhichLegacyAnswers_IsNeverLimited(string stage)
    {
        await using var setup = await StartAsync(
            await Upstream.StartAsync(context =>
            {
                context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return Task.CompletedTask;
            }),
            stage,
            (Limits + "MaxConcurrent", "1"),
            (Limits + "MaxPerSecond", "1"),
            (Limits + "MaxFailures", "1"),
            ("Gateway:MaxFallback", "1")
        );

        for (var i = 0; i < 20; i++)
            (await setup.Client.GetAsync(Target, Cancellation)).Dispose();

        Assert.Equal(20, setup.Upstream.Asked.Count);
    }

    private async Task<GatewaySetup> StartAsync(
        Upstream upstream,
        string stage,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await GatewaySetup.StartAsync(postgres, upstream, start: false);
        await setup.StartGatewayAsync(stage, [("Gateway:Source", setup.Store), .. settings]);
        setup.Answers.Failure = new AnswersUnavailableException("away");
        return setup;
    }
}
