using System.Text;
using Microsoft.AspNetCore.Http;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Evidence.Storing;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Shadowing.ShadowedRoute;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// A gateway in stage shadow in front of a legacy service over real HTTP, with a real source to look at.
/// </summary>
public sealed class ShadowServingTests(PostgresFixture postgres)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Shadow_LegacyEqualsTheDocument_IsAQuietMatchAndTheClientHasLegacysAnswer()
    {
        await using var setup = await StartAsync(postgres, _ => """{"sku":7}""");
        setup.Moments.Documents["7"] = """{"sku":7}""";
        setup.Answers.Put("7", """{"sku":7}""");

        Assert.Equal("""{"sku":7}""", await GetAsync(setup));

        var comparison = await ComparedAsync(setup);
        var part = Assert.Single(comparison.Parts);
        Assert.Equal(new Verdict.Match(true, 0), part.Verdict);
        Assert.Equal(("7", "1:0/8:0"), (part.Unit, $"{part.Version}"));
        Assert.Equal("GET " + Target, comparison.Request);
        Assert.Equal(
            ("availability", "ItemAvailability", "v1"),
            (comparison.Scope.Route, comparison.Scope.Projection, comparison.Scope.Version)
        );
        Assert.NotNull(comparison.LookupDuration);
        Assert.Null(comparison.LookupMiss);
        var question = Assert.Single(setup.Moments.Asked);
        Assert.Equal(["7"], question.Keys);
        Assert.Matches("^[0-9]+:[0-9]+:[0-9,]*$", question.Before.Snapshot);
        Assert.Single(setup.Upstream.Asked);
    }

    /// <summary>Another destination may answer otherwise, and would be called a change.</summary>
    [Fact]
    public async Task Shadow_AskedAgain_TheDestinationThatAnsweredIsAsked()
    {
        await using var other = await Upstream.StartAsync(context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync("""{"sku":7,"quantity":3}""");
        });
        await using var setup = await StartAsync(
            postgres,
            _ => """{"sku":7,"quantity":3}""",
            ("ReverseProxy:Clusters:legacy:LoadBalancingPolicy", "RoundRobin"),
            ("ReverseProxy:Clusters:legacy:Destinations:d2:Address", other.Address)
        );
        setup.Moments.Documents["7"] = """{"sku":7,"quantity":4}""";

        for (var compared = 1; compared <= 4; compared++)
        {
            await GetAsync(setup);
            await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == compared, "it is compared");
        }

        foreach (var asked in new[] { setup.Upstream.Asked, other.Asked })
        {
            var again = asked.Select(request => request.Headers.ContainsKey("Strangler-Shadow")).ToList();
            Assert.NotEmpty(again);
            // each request of a client is followed by its own repetitions
            Assert.All(
                again.Index().Where(one => !one.Item),
                one => Assert.True(again.ElementAtOrDefault(one.Index + 1))
            );
            Assert.False(again[0]);
        }
    }

    [Fact]
    public async Task Shadow_TwoAnswersDifferAlikeInAQuietBracket_IsWrongAndLegacyWasAskedAgainAndWithoutTheCookie()
    {
        await using var setup = await StartAsync(postgres, _ => """{"sku":7,"quantity":3}""");
        setup.Moments.Documents["7"] = """{"sku":7,"quantity":4}""";

        await GetAsync(
            setup,
            request => request.Headers.Add("If-None-Match", "\"v1\""),
            request => request.Headers.Add("Cookie", "session=secret")
        );

        var part = Assert.Single((await ComparedAsync(setup)).Parts);
        var wrong = Assert.IsType<Verdict.Wrong>(part.Verdict);
        Assert.NotEmpty(wrong.Differences);
        Assert.Equal(WrongCause.Projection, wrong.Cause);
        Assert.Equal("""{"sku":7,"quantity":3}""", Encoding.UTF8.GetString(part.Legacy!.Body.Span));
        Assert.Equal("""{"sku":7,"quantity":4}""", Encoding.UTF8.GetString(part.Lookup!.Body.Span));
        var asked = setup.Upstream.Asked.ToArray();
        Assert.Equal(3, asked.Length);
        var (first, again, without) = (asked[0], asked[1], asked[2]);
        Assert.Equal((first.Method, first.Target), (again.Method, again.Target));
        Assert.Equal("\"v1\"", first.Headers.IfNoneMatch);
        Assert.False(first.Headers.ContainsKey("Strangler-Shadow"));
        Assert.Equal(
            ("again", "no-cache", "session=secret", ""),
            (
                again.Headers["Strangler-Shadow"].ToString(),
                again.Headers.CacheControl.ToString(),
                again.Headers.Cookie.ToString(),
                again.Headers.IfNoneMatch.ToString()
            )
        );
        Assert.Equal(first.Headers["X-Forwarded-For"], again.Headers["X-Forwarded-For"]);
        Assert.Equal(
            ("again", ""),
            (without.Headers["Strangler-Shadow"].ToString(), without.Headers.Cookie.ToString())
        );
    }

    /// <summary>Whatever a client sent under that name, the mark exists once and is the gateway's.</summary>
    [Fact]
    public async Task Shadow_LegacyIsAskedAgainForAClientThatBringsTheMark_IsMarkedOnceByTheGateway()
    {
        await using var setup = await StartAsync(postgres, _ => """{"sku":7,"quantity":3}""");
        setup.Moments.Documents["7"] = """{"sku":7,"quantity":4}""";

        await GetAsync(
            setup,
            request => request.Headers.Add("strangler-shadow", "x"),
            request => request.Headers.Add("Strangler_Shadow", "y")
        );
        await ComparedAsync(setup);

        var asked = setup.Upstream.Asked.ToArray();
        Assert.Equal(
            [
                [],
                ["again"],
            ],
            asked.Select(one => Marks(one.Headers))
        );

        static IEnumerable<string> Marks(IHeaderDictionary headers) =>
            headers
                .Where(header => header.Key.StartsWith("strangler", StringComparison.OrdinalIgnoreCase))
                .Select(header => $"{header.Value}");
    }

    [Fact]
    public async Task Shadow_LegacyIsAskedAgain_ForTheTargetThatTheClientWrote()
    {
        await using var setup = await StartAsync(postgres, _ => """{"sku":7,"quantity":3}""");
        setup.Moments.Documents["7"] = """{"sku":7,"quantity":4}""";
        const string Raw = "/api/items/7/availability?area=%31%7E";
        using var connection = await RawConnection.OpenAsync(setup.Gateway.Address, Cancellation);

        await connection.AskAsync($"GET {Raw} HTTP/1.1\r\nHost: shop.example\r\n\r\n");
        await ComparedAsync(setup);

        Assert.Equal([Raw, Raw], setup.Upstream.RawTargets);
    }

    [Fact]
    public async Task Shadow_RouteHasAResponseTransform_TheLookupsAnswerPassesItToo()
    {
        const string Transform = "ReverseProxy:Routes:availability:Transforms:0:";
        await using var setup = await StartAsync(
            postgres,
            _ => """{"sku":7}""",
            ("ReverseProxy:Routes:availability:Strangler:Compare:Headers:0", "X-Frame-Options"),
            (Transform + "ResponseHeader", "X-Frame-Options"),
            (Transform + "Set", "DENY"),
            (Transform + "When", "Always")
        );
        setup.Moments.Documents["7"] = """{"sku":7}""";

        await GetAsync(setup);

        Assert.IsType<Verdict.Match>(Assert.Single((await ComparedAsync(setup)).Parts).Verdict);
    }

    [Fact]
    public async Task Shadow_TwoAnswersOfLegacyDiffer_IsNoiseAndNeverWrong()
    {
        var count = 0;
        await using var setup = await StartAsync(
            postgres,
            _ => $$"""{"sku":7,"at":{{Interlocked.Increment(ref count)}}}"""
        );
        setup.Moments.Documents["7"] = """{"sku":7,"at":0}""";

        await GetAsync(setup);

        var part = Assert.Single((await ComparedAsync(setup)).Parts);
        Assert.Equal(Doubt.Noise, Assert.IsType<Verdict.Undetermined>(part.Verdict).Reason);
        Assert.NotEmpty(part.Noise);
    }

    [Fact]
    public async Task Shadow_PostOfSeveralKeys_IsComparedAndAskedAgainWithItsBody()
    {
        await using var setup = await StartAsync(postgres, _ => """[{"sku":1},{"sku":3}]""", (Many("Stage"), "shadow"));
        setup.Moments.Documents["1"] = """{"sku":1}""";
        setup.Moments.Documents["2"] = """{"sku":2}""";

        using var response = await setup.Client.PostAsync(
            "/api/availability",
            new StringContent("""{"skus":["1","2"]}""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(
            """[{"sku":1},{"sku":3}]""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );

        var part = Assert.Single((await ComparedAsync(setup)).Parts);
        Assert.Null(part.Unit);
        Assert.IsType<Verdict.Wrong>(part.Verdict);
        Assert.Equal(2, setup.Upstream.Asked.Count);
        Assert.All(
            setup.Upstream.Asked,
            asked => Assert.Equal("""{"skus":["1","2"]}""", Encoding.UTF8.GetString(asked.Body))
        );
    }

    [Fact]
    public async Task Shadow_MoreKeysThanAQuestionTakes_IsOneComparisonThatCountsForEachKey()
    {
        var keys = Enumerable.Range(1, 250).Select(key => $"{key}").ToList();
        await using var setup = await StartAsync(
            postgres,
            _ => $"[{string.Join(',', keys.Append("7").Select(key => $$"""{"sku":{{key}}}"""))}]",
            (Many("Stage"), "shadow"),
            (Many("MaxKeys"), "300")
        );
        foreach (var key in keys)
            setup.Moments.Documents[key] = $$"""{"sku":{{key}}}""";

        using var response = await setup.Client.PostAsync(
            "/api/availability",
            new StringContent(
                $$"""{"skus":[{{string.Join(',', keys.Append("7").Select(key => $"\"{key}\""))}}]}""",
                Encoding.UTF8,
                "application/json"
            ),
            TestContext.Current.CancellationToken
        );

        var comparison = await ComparedAsync(setup);
        var batch = new ScopeBatch(5);
        batch.Add(comparison, []);
        Assert.Equal(3, setup.Moments.Asked.Count);
        Assert.Equal(new Verdict.Match(true, 0), Assert.Single(comparison.Parts).Verdict);
        Assert.Equal(250, batch.Keys.Values.Count(key => key is { Compared: 1, Matched: 1, Existing: 1 }));
        Assert.Equal(250, batch.Versions.Values.Count(ended => ended == 5));
    }

    [Theory]
    [InlineData("?other=1")]
    [InlineData("?area=1&area=2")]
    public async Task Shadow_UndeclaredInput_IsCountedAndNeverCompared(string query)
    {
        await using var setup = await StartAsync(postgres, _ => "{}");

        await setup.Client.GetStringAsync($"/api/items/7/availability{query}", TestContext.Current.CancellationToken);

        Assert.Equal(DropReason.Undeclared, Assert.Single(setup.Evidence.Dropped));
        Assert.Empty(setup.Evidence.Sampled);
        Assert.Empty(setup.Moments.Asked);
    }

    private static string Many(string member) => $"ReverseProxy:Routes:availabilities:Strangler:{member}";
}
