using System.Text;
using Microsoft.AspNetCore.Http;
using Strangler.Comparing.Differences;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Shadowing.ShadowedRoute;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// A gateway in stage lookup in front of a legacy service over real HTTP, with a real source to look at: legacy is
/// asked about requests that the lookup answered.
/// </summary>
public sealed class RecheckServingTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const string Seven = """{"sku":7}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Lookup_LegacyEqualsTheDocument_IsAMatchAndTheClientHasTheLookupsAnswer()
    {
        await using var setup = await AnsweredAsync(_ => Seven, (Route + "ETag", "true"));

        using var answer = await setup.Client.SendAsync(
            new(HttpMethod.Get, Target)
            {
                Headers =
                {
                    { "If-None-Match", "\"v1\"" },
                    { "User-Agent", "shop/1" },
                    { "Strangler-Shadow", "x" },
                },
            },
            Cancellation
        );
        var comparison = await ComparedAsync(setup);

        Assert.Equal("lookup", answer.Headers.GetValues("Strangler-Answer").Single());
        Assert.Equal(Seven, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(new Verdict.Match(true, 0), Assert.Single(comparison.Parts).Verdict);
        Assert.Equal(
            (Occasion.Recheck, "GET " + Target, "availability"),
            (comparison.Occasion, comparison.Request, comparison.Scope.Route)
        );
        Assert.NotNull(comparison.LookupDuration);
        var asked = Assert.Single(setup.Upstream.Asked);
        Assert.Equal(
            ("GET", Target, "recheck", "no-cache", "shop/1", ""),
            (
                asked.Method,
                asked.Target,
                asked.Headers["Strangler-Shadow"].ToString(),
                asked.Headers.CacheControl.ToString(),
                asked.Headers.UserAgent.ToString(),
                asked.Headers.IfNoneMatch.ToString()
            )
        );
        Assert.Equal(
            [
                ["7"],
            ],
            setup.Evidence.Sampled
        );
    }

    [Fact]
    public async Task Lookup_LegacyDiffersTwiceInAQuietBracket_IsWrongWithTheDifference()
    {
        await using var setup = await AnsweredAsync(_ => """{"sku":8}""");

        var client = await GetAsync(setup);
        var part = Assert.Single((await ComparedAsync(setup)).Parts);

        var wrong = Assert.IsType<Verdict.Wrong>(part.Verdict);
        Assert.Equal(Seven, client);
        Assert.Equal("$.sku", Assert.Single(wrong.Differences).Path);
        Assert.Equal(2, setup.Upstream.Asked.Count);
        Assert.Equal("""{"sku":8}""", Encoding.UTF8.GetString(part.Legacy!.Body.Span));
    }

    /// <summary>Another destination may answer otherwise, and would be called a change.</summary>
    [Fact]
    public async Task Lookup_AskedAgain_TheDestinationThatAnsweredFirstIsAsked()
    {
        await using var other = await Upstream.StartAsync(context => AnswerAsync(context, """{"sku":8}"""));
        await using var setup = await AnsweredAsync(
            _ => """{"sku":8}""",
            ("ReverseProxy:Clusters:legacy:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:legacy:Destinations:d2:Address", other.Address)
        );

        for (var compared = 1; compared <= 4; compared++)
        {
            var before = (setup.Upstream.Asked.Count, other.Asked.Count);
            await GetAsync(setup);
            await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == compared, "it is compared");
            var asked = (setup.Upstream.Asked.Count - before.Item1, other.Asked.Count - before.Item2);
            Assert.True(asked is (2, 0) or (0, 2), $"{asked}");
        }
    }

    /// <summary>Whom legacy refuses, the lookup must not answer: of all differences the gravest.</summary>
    [Fact]
    public async Task Lookup_LegacyRefusesTheCaller_IsWrongByASecurityDifference()
    {
        await using var setup = await StartAsync(
            postgres,
            context =>
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return AnswerAsync(context, "{}");
            },
            TimeProvider.System,
            Settings
        );
        Put(setup);

        await GetAsync(setup);

        var part = Assert.Single((await ComparedAsync(setup)).Parts);
        Assert.Contains(
            Assert.IsType<Verdict.Wrong>(part.Verdict).Differences,
            difference => difference.Kind == DifferenceKind.Security
        );
    }

    [Fact]
    public async Task Lookup_LegacyHangs_ClientsHaveTheirAnswersMeanwhile()
    {
        var free = new TaskCompletionSource();
        await using var setup = await StartAsync(
            postgres,
            async context =>
            {
                await free.Task;
                await AnswerAsync(context, Seven);
            },
            TimeProvider.System,
            Settings
        );
        Put(setup);

        for (var i = 0; i < 3; i++)
            Assert.Equal(Seven, await GetAsync(setup));
        await GatewaySetup.UntilAsync(() => setup.Upstream.Asked.Count == 3, "legacy is asked");

        Assert.Equal(Seven, await GetAsync(setup));
        Assert.Empty(setup.Evidence.Comparisons);
        free.SetResult();
        await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == 4, "all are compared");
        Assert.All(setup.Evidence.Verdicts, verdict => Assert.IsType<Verdict.Match>(verdict));
    }

    [Fact]
    public async Task Lookup_LegacyIsDown_ClientsAreAnsweredAndItIsNoMatchAndNotWrong()
    {
        await using var setup = await AnsweredAsync(_ => Seven);
        await setup.Upstream.DisposeAsync();

        for (var i = 0; i < 3; i++)
            Assert.Equal(Seven, await GetAsync(setup));
        await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == 3, "all are compared");

        Assert.All(
            setup.Evidence.Verdicts,
            verdict => Assert.Equal(new Verdict.Incomparable(IncomparableReason.Failed), verdict)
        );
    }

    /// <summary>With no budget legacy is never asked, and with a small one only as often as it allows.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Lookup_LegacysBudgetIsSpent_IsDroppedAndCountedAndLegacyIsNotAsked(int budget)
    {
        await using var setup = await AnsweredAsync(_ => Seven, (Shadow + "AskAgain:PerSecond", $"{budget}"));

        for (var i = 0; i < 40; i++)
            Assert.Equal(Seven, await GetAsync(setup));
        await GatewaySetup.UntilAsync(
            () => setup.Evidence.Comparisons.Count + setup.Evidence.Dropped.Count == 40,
            "each is compared or dropped"
        );

        Assert.All(setup.Evidence.Dropped, reason => Assert.Equal(DropReason.LegacyBudget, reason));
        Assert.Equal(setup.Evidence.Comparisons.Count, setup.Upstream.Asked.Count);
        Assert.NotEmpty(setup.Evidence.Dropped);
        Assert.True(budget > 0 || setup.Upstream.Asked.IsEmpty);
    }

    [Fact]
    public async Task Lookup_MoreThanTheRouteComparesInASecond_IsDroppedAndCounted()
    {
        await using var setup = await AnsweredAsync(_ => Seven, (Route + "Recheck:MaxPerSecond", "1"));

        for (var i = 0; i < 20; i++)
            await GetAsync(setup);
        await GatewaySetup.UntilAsync(
            () => setup.Evidence.Comparisons.Count + setup.Evidence.Dropped.Count == 20,
            "each is compared or dropped"
        );

        Assert.NotEmpty(setup.Evidence.Dropped);
        Assert.All(setup.Evidence.Dropped, reason => Assert.Equal(DropReason.PerSecond, reason));
    }

    [Fact]
    public async Task Lookup_RequestsThatMayChangeSomethingOrHaveNoBody_AreNotSentToLegacy()
    {
        const string Many = "ReverseProxy:Routes:availabilities:Strangler:";
        await using var setup = await AnsweredAsync(
            _ => Seven,
            (Many + "Stage", "lookup"),
            (Many + "Recheck:Share", "1"),
            ("ReverseProxy:Routes:availability:Match:Methods:2", "PUT"),
            (Route + "ReadOnly", "true")
        );

        using var head = await setup.Client.SendAsync(new(HttpMethod.Head, Target), Cancellation);
        using var post = await setup.Client.PostAsync(
            "/api/availability",
            new StringContent("""{"skus":["7"]}""", Encoding.UTF8, "application/json"),
            Cancellation
        );
        using var meant = await setup.Client.SendAsync(
            new(HttpMethod.Get, Target) { Headers = { { "X-HTTP-Method-Override", "PUT" } } },
            Cancellation
        );
        await GetAsync(setup); // this one is, and those before would be by then
        await ComparedAsync(setup);

        Assert.All(
            [head, post, meant],
            answer => Assert.Equal("lookup", answer.Headers.GetValues("Strangler-Answer").Single())
        );
        Assert.Single(setup.Upstream.Asked);
        Assert.Single(setup.Evidence.Sampled);
    }

    /// <summary>Legacy has answered what the lookup couldn't: there is nothing to compare.</summary>
    [Fact]
    public async Task Lookup_LegacyAnsweredInstead_ItIsNotAskedASecondTime()
    {
        await using var setup = await AnsweredAsync(_ => Seven);
        setup.Answers.Documents["7"] = new Found.Miss(MissReason.Dirty);
        Assert.Equal(Seven, await GetAsync(setup));
        Put(setup);

        await GetAsync(setup);
        await ComparedAsync(setup);

        Assert.Equal(
            ["", "recheck"],
            setup.Upstream.Asked.Select(asked => asked.Headers["Strangler-Shadow"].ToString())
        );
    }

    [Fact]
    public async Task Lookup_ShareIsZero_LegacyIsNeverAsked()
    {
        await using var setup = await AnsweredAsync(_ => Seven, (Route + "Recheck:Share", "0"));

        for (var i = 0; i < 20; i++)
            await GetAsync(setup);

        Assert.Empty(setup.Evidence.Sampled);
        Assert.Empty(setup.Upstream.Asked);
    }

    [Fact]
    public async Task Lookup_EvidenceFails_ClientsDoNotNotice()
    {
        await using var setup = await AnsweredAsync(_ => Seven);
        setup.Evidence.Failure = new InvalidOperationException("The evidence is full.");

        for (var i = 0; i < 3; i++)
            Assert.Equal(Seven, await GetAsync(setup));
        await GatewaySetup.UntilAsync(() => setup.Upstream.Asked.Count == 3, "legacy is asked nevertheless");
    }

    [Fact]
    public async Task Lookup_Stats_ShowWhatWasComparedApartFromShadow()
    {
        await using var setup = await AnsweredAsync(_ => Seven);
        await GetAsync(setup);
        await ComparedAsync(setup);

        var stats = (await setup.Admin.StatsAsync(Cancellation)).Routes.Single(route => route.Route == "availability");

        Assert.Equal(
            (1L, 1L, 1L, 0L),
            (
                stats.Recheck!.Sampled,
                stats.Recheck.Compared,
                stats.Recheck.Verdicts.GetValueOrDefault("match"),
                stats.Shadow.Sampled
            )
        );
    }

    private static (string Key, string? Value)[] Settings =>
        [
            (Route + "Stage", "lookup"),
            (Route + "Recheck:Share", "1"),
            (Route + "Recheck:MaxPerSecond", "1000"),
            (Shadow + "AskAgain:PerSecond", "1000"),
            ("Gateway:AnswerHeader", "true"),
        ];

    private async Task<GatewaySetup> AnsweredAsync(
        Func<HttpContext, string> answer,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await StartAsync(postgres, answer, [.. Settings, .. settings]);
        Put(setup);
        return setup;
    }

    private static void Put(GatewaySetup setup)
    {
        setup.Moments.Documents["7"] = Seven;
        setup.Answers.Put("7", Seven);
    }

    private static Task AnswerAsync(HttpContext context, string body)
    {
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body);
    }
}
