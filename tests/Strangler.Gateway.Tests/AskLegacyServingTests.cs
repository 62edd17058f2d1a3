using System.Net;
using Strangler.Comparing.Verdicts;
using Strangler.Gateway.Telemetry;
using Strangler.Gateway.Tests.Shadowing;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

/// <summary>"Ask legacy" is an answer of Project and of Respond.</summary>
public sealed class AskLegacyServingTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookup_ProjectionAsksLegacy_LegacyAnswersAndEachReasonIsCounted()
    {
        await using var setup = await StartAsync();
        setup.Answers.Documents["7"] = new Found.Miss(MissReason.AskLegacy) { LegacyReason = "unsure" };

        var first = await GetAsync(setup);
        setup.Answers.Put("7", """{"sku":7}""");
        setup.Responder.Instead = _ => Answer.AskLegacy("odd request");
        var second = await GetAsync(setup);
        var third = await GetAsync(setup);

        Assert.Equal(Enumerable.Repeat(($"legacy {Target}", "legacy; reason=ask-legacy"), 3), [first, second, third]);
        var stats = (await setup.Admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == "availability");
        Assert.Equal(3, stats.Reasons["ask-legacy"]);
        Assert.Equal([("odd request", 2L), ("unsure", 1L)], Pairs(stats.AskLegacy));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();
        Assert.Equal(
            [("odd request", 2L), ("unsure", 1L)],
            report.Fallback.AskLegacy.Select(reason => (reason.Reason, reason.Count))
        );
        Assert.Equal(0, report.Fallback.Refused);

        static IEnumerable<(string, long)> Pairs(IReadOnlyDictionary<string, long> counts) =>
            counts.OrderByDescending(pair => pair.Value).Select(pair => (pair.Key, pair.Value));
    }

    [Fact]
    public async Task Documents_ProjectionAsksLegacy_SaysWhy()
    {
        await using var setup = await StartAsync();
        setup.Answers.Documents["7"] = new Found.Miss(MissReason.AskLegacy) { LegacyReason = "unsure" };

        var document = await setup.AdminHttp.GetStringAsync("/documents/ItemAvailability/7", Cancellation);

        Assert.Contains("\"found\":\"miss\",\"reason\":\"ask-legacy\"", document, StringComparison.Ordinal);
        Assert.Contains("\"legacyReason\":\"unsure\"", document, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Shadow_ProjectOrRespondAsksLegacy_IsNotComparedAndItsReasonIsEvidence(bool respond)
    {
        await using var setup = await ShadowedRoute.StartAsync(postgres, _ => """{"sku":7}""");
        setup.Moments.Documents["7"] = respond ? """{"sku":7}""" : FakeMoments.AsksLegacy;
        if (respond)
            setup.Answers.Put("7", """{"sku":7}""");
        else
            setup.Answers.Documents["7"] = new Found.Miss(MissReason.AskLegacy) { LegacyReason = "unsure" };
        setup.Responder.Instead = respond ? _ => Answer.AskLegacy("unsure") : null;

        Assert.Equal("""{"sku":7}""", await ShadowedRoute.GetAsync(setup));

        var comparison = await ShadowedRoute.ComparedAsync(setup);
        var part = Assert.Single(comparison.Parts);
        Assert.Equal(new Verdict.Undetermined(Doubt.AskLegacy, "unsure"), part.Verdict);
        Assert.Equal(("ask-legacy", "unsure"), (comparison.LookupMiss, comparison.LegacyReason));
        Assert.Single(setup.Upstream.Asked); // legacy isn't asked again about it
    }

    [Fact]
    public void AskLegacyCounts_MoreReasonsThanAreToldApart_CountTogether()
    {
        var counts = new AskLegacyCounts();
        Parallel.For(0, 1_000, number => counts.Count($"reason {number % 100}"));

        var read = counts.Read();

        Assert.Equal(AskLegacyCounts.MaxReasons + 1, read.Count);
        Assert.Equal(1_000, read.Sum(pair => pair.Value));
        Assert.Contains(read, pair => pair.Key == "(more)");
    }

    private async Task<GatewaySetup> StartAsync() =>
        await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "lookup",
            settings: [("Gateway:AnswerHeader", "true")]
        );

    private static async Task<(string Body, string Header)> GetAsync(GatewaySetup setup)
    {
        using var response = await setup.Client.GetAsync(Target, Cancellation);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (
            await response.Content.ReadAsStringAsync(Cancellation),
            Assert.Single(response.Headers.GetValues("Strangler-Answer"))
        );
    }
}
