using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using Strangler.Evidence.Gates;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests;

public sealed class LookupServingTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";

    [Fact]
    public async Task Lookup_AbsentKey_IsAnswered404AndNeverFallsBack()
    {
        await using var setup = await StartAsync();

        using var response = await setup.Client.GetAsync(
            "/api/items/8/availability",
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(setup.Upstream.Asked);
    }

    [Fact]
    public async Task Lookup_Head_HasTheHeadersOfGetAndNoBody()
    {
        await using var setup = await StartAsync();

        using var response = await setup.Client.SendAsync(
            new HttpRequestMessage(HttpMethod.Head, Target),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(9, response.Content.Headers.ContentLength);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(setup.Upstream.Asked);
    }

    [Fact]
    public async Task Lookup_ManyKeys_AskForEachOnceAndAnswerInTheRequestsOrder()
    {
        await using var setup = await StartAsync();

        using var response = await setup.Client.PostAsJsonAsync(
            "/api/availability",
            new { skus = new[] { "7", "8", "7" }, area = "1" },
            TestContext.Current.CancellationToken
        );

        Assert.Equal(
            """[{"sku":7},null,{"sku":7}]""",
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(["7", "8"], Assert.Single(setup.Answers.Asked));
        Assert.Empty(setup.Upstream.Asked);
    }

    [Fact]
    public async Task Lookup_EveryMissReason_IsAnsweredByTheCallGraphAndCounted()
    {
        await using var setup = await StartAsync();
        foreach (var reason in Enum.GetValues<MissReason>())
        {
            setup.Answers.Documents["7"] = new Found.Miss(reason);
            Assert.Equal(
                $"legacy {Target}",
                await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken)
            );
        }

        Assert.Equal(
            ["ask-legacy", "dirty", "due", "not-built", "other-version", "quarantined", "stopped"],
            setup.Gateway.Routes.Find("availability")!.Stats.Reasons().Keys.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task Lookup_WhateverGoesWrong_IsAnsweredByTheCallGraphAndCounted()
    {
        await using var setup = await StartAsync(
            ("ReverseProxy:Routes:availability:Strangler:LookupTimeout", "00:00:03"),
            ("ReverseProxy:Routes:availability:Strangler:RespondLimit", "00:00:10")
        );
        await FallsBackAsync(
            "store-unavailable",
            () => setup.Answers.Failure = new AnswersUnavailableException("away")
        );
        await FallsBackAsync("lookup-failed", () => setup.Answers.Failure = new ArithmeticException());
        setup.Answers.Failure = null;
        await FallsBackAsync("lookup-timeout", () => setup.Answers.Hangs = true);
        setup.Answers.Hangs = false;
        await FallsBackAsync("stale", () => setup.Answers.Age = TimeSpan.FromMinutes(2));
        await FallsBackAsync("not-built", () => setup.Answers.IsBuilt = false);
        (setup.Answers.Age, setup.Answers.IsBuilt) = (TimeSpan.Zero, true);
        await FallsBackAsync("respond-threw", () => setup.Responder.Instead = _ => throw new ArithmeticException());
        await FallsBackAsync(
            "answer-invalid",
            () => setup.Responder.Instead = _ => new Answer(204, [], "x"u8.ToArray())
        );
        setup.Responder.Instead = null;

        Assert.Equal("""{"sku":7}""", await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken));

        async Task FallsBackAsync(string reason, Action cause)
        {
            cause();
            Assert.Equal(
                $"legacy {Target}",
                await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken)
            );
            Assert.Equal(1, setup.Counted("availability", reason));
        }
    }

    [Fact]
    public async Task Lookup_UndeclaredInputs_AreAnsweredByTheCallGraphAndCounted()
    {
        await using var setup = await StartAsync();
        await setup.Client.GetStringAsync($"{Target}?debug=1", TestContext.Current.CancellationToken);
        await setup.Client.GetStringAsync($"{Target}?area=1&area=2", TestContext.Current.CancellationToken);
        using var overriding = new HttpRequestMessage(HttpMethod.Get, Target)
        {
            Headers = { { "X-HTTP-Method-Override", "DELETE" } },
        };
        using var overridden = await setup.Client.SendAsync(overriding, TestContext.Current.CancellationToken);
        using var member = await setup.Client.PostAsJsonAsync(
            "/api/availability",
            new { skus = new[] { "7" }, debug = true },
            TestContext.Current.CancellationToken
        );
        using var text = await setup.Client.PostAsync(
            "/api/availability",
            new StringContent("""{"skus":["7"]}""", Encoding.UTF8, "text/plain"),
            TestContext.Current.CancellationToken
        );
        using var trailing = await setup.Client.PostAsync(
            "/api/availability",
            new StringContent("""{"skus":["7"]} x""", Encoding.UTF8, "application/json"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(6, setup.Upstream.Asked.Count);
        Assert.Empty(setup.Answers.Asked);
        Assert.Equal(
            new Dictionary<string, long>
            {
                ["undeclared-method"] = 1,
                ["undeclared-query"] = 1,
                ["repeated-query"] = 1,
            },
            setup.Gateway.Routes.Find("availability")!.Stats.Reasons()
        );
        Assert.Equal(
            new Dictionary<string, long> { ["undeclared-member"] = 1, ["body-not-json"] = 2 },
            setup.Gateway.Routes.Find("availabilities")!.Stats.Reasons()
        );
    }

    /// <summary>
    /// A document exists for what each of these decodes to. Only legacy knows how it interprets the spelling.
    /// </summary>
    [Theory]
    [InlineData("/API/items/7/availability", "path-form")]
    [InlineData("/api/items/7/availability/", "path-form")]
    [InlineData("/api/items/07/availability", "path-form")]
    [InlineData("/api/items/%37/availability", "path-form")]
    [InlineData("/api/./items/7/availability", "path-form")]
    [InlineData("/api/x/../items/7/availability", "path-form")]
    [InlineData("/api/x/%2e%2e/items/7/availability", "path-form")]
    [InlineData("/api/items/7/availability?area", "query-form")]
    [InlineData("/api/items/7/availability?", "query-form")]
    [InlineData("/api/items/7/availability?area=a+b", "query-form")]
    [InlineData("/api/items/7/availability?%61rea=1", "query-form")]
    [InlineData("/api/items/7/availability?area=%E4", "query-form")]
    public async Task Lookup_OtherSpellingOfATarget_IsAnsweredByTheCallGraphAndCounted(string target, string reason)
    {
        await using var setup = await StartAsync();

        using var client = new TcpClient();
        await client.ConnectAsync(
            IPAddress.Loopback,
            new Uri(setup.Gateway.Address).Port,
            TestContext.Current.CancellationToken
        );
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes($"GET {target} HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n"),
                TestContext.Current.CancellationToken
            );
        using var reader = new StreamReader(client.GetStream());
        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        Assert.Single(setup.Upstream.Asked);
        Assert.Empty(setup.Answers.Asked);
        Assert.Equal(
            new Dictionary<string, long> { [reason] = 1 },
            setup.Gateway.Routes.Find("availability")!.Stats.Reasons()
        );
    }

    [Fact]
    public async Task Lookup_AnswerHeader_SaysWhoAnsweredAndWhy()
    {
        await using var setup = await StartAsync(("Gateway:AnswerHeader", "true"));

        using var lookup = await setup.Client.GetAsync(Target, TestContext.Current.CancellationToken);
        using var legacy = await setup.Client.GetAsync($"{Target}?debug=1", TestContext.Current.CancellationToken);

        Assert.Equal("lookup", lookup.Headers.GetValues("Strangler-Answer").Single());
        Assert.True(lookup.Headers.Contains("Strangler-Watermark-Age"));
        Assert.Equal("legacy; reason=undeclared-query", legacy.Headers.GetValues("Strangler-Answer").Single());
    }

    /// <summary>What Respond knows, it gets; what only legacy knows, legacy answers.</summary>
    [Fact]
    public async Task Lookup_HeadersThatChangeAnswers_ReachRespondOrLegacy()
    {
        await using var setup = await StartAsync(
            ("ReverseProxy:Routes:availability:Strangler:Headers:0", "Accept-Language"),
            ("ReverseProxy:Routes:availability:Strangler:Anonymous", null)
        );
        setup.Responder.Instead = request =>
            Answer.Json(200, Encoding.UTF8.GetBytes($"\"in {request.Headers.GetValueOrDefault("accept-language")}\""));

        Assert.Equal("\"in de\"", await AskAsync("Accept-Language", "de"));
        Assert.Equal("\"in \"", await AskAsync("Accept", "application/json"));
        Assert.StartsWith("legacy", await AskAsync("Accept", "text/html"), StringComparison.Ordinal);
        Assert.StartsWith("legacy", await AskAsync("Range", "bytes=0-1"), StringComparison.Ordinal);
        Assert.StartsWith("legacy", await AskAsync("Cookie", "session=1"), StringComparison.Ordinal);
        Assert.Equal(
            new Dictionary<string, long> { ["undeclared-header"] = 2, ["credentials"] = 1 },
            setup.Reasons("availability")
        );

        async Task<string> AskAsync(string header, string value)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Target);
            request.Headers.TryAddWithoutValidation(header, value);
            using var answer = await setup.Client.SendAsync(request, TestContext.Current.CancellationToken);
            return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Lookup_TagsAndEncodings_AreServedForGetAndHead()
    {
        const string Route = "ReverseProxy:Routes:availability:Strangler:";
        await using var setup = await StartAsync((Route + "ETag", "true"), (Route + "Compress", "true"));
        setup.Answers.Put("7", $$"""{"sku":"{{new string('7', 2_000)}}"}""");

        using var first = await AskAsync(HttpMethod.Get, "Accept-Encoding", "gzip");
        using var head = await AskAsync(HttpMethod.Head, "Accept-Encoding", "gzip");
        var tag = first.Headers.ETag!.ToString();
        using var again = await AskAsync(HttpMethod.Get, "If-None-Match", tag);
        using var other = await AskAsync(HttpMethod.Get, "If-None-Match", "\"other\"");
        using var since = await AskAsync(HttpMethod.Get, "If-Modified-Since", "Tue, 01 Dec 2026 10:00:00 GMT");

        Assert.Equal(["gzip"], first.Content.Headers.ContentEncoding);
        Assert.Equal(["Accept-Encoding"], first.Headers.Vary);
        Assert.Equal(first.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(tag, head.Headers.ETag!.ToString());
        Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        Assert.Equal(tag, again.Headers.ETag!.ToString());
        Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(2_010, (await other.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length);
        Assert.Equal(new Dictionary<string, long> { ["undeclared-header"] = 1 }, setup.Reasons("availability"));

        async Task<HttpResponseMessage> AskAsync(HttpMethod method, string header, string value)
        {
            using var request = new HttpRequestMessage(method, Target);
            request.Headers.TryAddWithoutValidation(header, value);
            return await setup.Client.SendAsync(request, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Lookup_RespondHangs_RequestsGoToTheCallGraphAndTheRouteIsPutBack()
    {
        await using var setup = await StartAsync(
            ("ReverseProxy:Routes:availability:Strangler:RespondLimit", "00:00:00.1")
        );
        using var release = new ManualResetEventSlim();
        setup.Responder.Instead = _ =>
        {
            release.Wait(TimeSpan.FromMinutes(1));
            return Answer.Empty(200);
        };

        // one after the other, until three are stuck: a call that gets no thread within its limit isn't
        var answers = new List<string>();
        while (setup.Counted("availability", "respond-overran") < 3 && answers.Count < 50)
            answers.Add(await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken));
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Stages.Current.Find("availability")!.Stage == Stage.Legacy,
            "the store holds legacy"
        );

        Assert.All(answers, answer => Assert.Equal($"legacy {Target}", answer));
        Assert.Equal(3, setup.Counted("availability", "respond-overran"));
        var report = await setup.Admin.RouteAsync("availability", TestContext.Current.CancellationToken);
        Assert.Equal(("legacy", "gateway", 2), (report.Stage, report.Who, report.Version));
        Assert.Contains("did not return", report.Why, StringComparison.Ordinal);
        release.Set();
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Routes.Find("availability")!.RespondGuard.Stuck == 0,
            "the stuck calls came back"
        );
    }

    [Fact]
    public async Task Lookup_RespondHangsForOneRoute_OtherRoutesAreStillAnswered()
    {
        await using var setup = await StartAsync(
            ("ReverseProxy:Routes:availability:Strangler:RespondLimit", "00:00:30"),
            ("ReverseProxy:Routes:availabilities:Strangler:RespondLimit", "00:00:00.2")
        );
        using var release = new ManualResetEventSlim();
        setup.Responder.Instead = request =>
        {
            if (request.Body is not null)
                release.Wait(TimeSpan.FromMinutes(1));
            return Answer.Json(200, "1"u8.ToArray());
        };

        foreach (var _ in Enumerable.Range(0, 8))
        {
            using var stuck = await setup.Client.PostAsJsonAsync(
                "/api/availability",
                new { skus = new[] { "7" } },
                TestContext.Current.CancellationToken
            );
        }

        Assert.Equal("1", await setup.Client.GetStringAsync(Target, TestContext.Current.CancellationToken));
        Assert.Equal(
            "legacy",
            (await setup.Admin.RouteAsync("availabilities", TestContext.Current.CancellationToken)).Stage
        );
        Assert.Equal(
            "lookup",
            (await setup.Admin.RouteAsync("availability", TestContext.Current.CancellationToken)).Stage
        );
        release.Set();
    }

    [Fact]
    public async Task Lookup_FallbacksAboveTheGuard_Get503WithRetryAfter()
    {
        var release = new TaskCompletionSource();
        await using var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.StartAsync(_ => release.Task),
            "lookup",
            true,
            ("Gateway:MaxFallback", "2")
        );
        setup.Answers.Failure = new AnswersUnavailableException("away");

        var held = Enumerable
            .Range(0, 2)
            .Select(_ => setup.Client.GetAsync(Target, TestContext.Current.CancellationToken))
            .ToList();
        await GatewaySetup.UntilAsync(() => setup.Upstream.Asked.Count == 2, "both are with the call graph");
        using var refused = await setup.Client.GetAsync(Target, TestContext.Current.CancellationToken);
        var undeclared = setup.Client.GetAsync($"{Target}?debug=1", TestContext.Current.CancellationToken);
        await GatewaySetup.UntilAsync(
            () => setup.Upstream.Asked.Count == 3,
            "what was never the lookup's to answer is not held back"
        );
        release.SetResult();

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter!.Delta);
        Assert.All(
            await Task.WhenAll([.. held, undeclared]),
            response => Assert.Equal(HttpStatusCode.OK, response.StatusCode)
        );
        Assert.Equal(1, (await setup.Admin.RouteAsync("availability", TestContext.Current.CancellationToken)).Refused);
        using var after = await setup.Client.GetAsync(Target, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, after.StatusCode);
    }

    private async Task<GatewaySetup> StartAsync(params (string Key, string? Value)[] settings)
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), "lookup", true, settings);
        setup.Answers.Put("7", """{"sku":7}""");
        return setup;
    }
}
