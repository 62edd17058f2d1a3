using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Strangler.Comparing.Verdicts;
using Strangler.Evidence;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Shadowing;

/// <summary>
/// Whatever fails in comparisons, a client gets from a route in shadow the same as from legacy itself: status, headers
/// and bytes, without delay.
/// </summary>
public sealed class ShadowFaultTests(PostgresFixture postgres)
{
    private const string Shadow = "ReverseProxy:Routes:availability:Strangler:Shadow:";

    [Theory]
    [InlineData("none")]
    [InlineData("moments-throw")]
    [InlineData("moments-hang")]
    [InlineData("moments-gone")]
    [InlineData("moments-nonsense")]
    [InlineData("respond-throws")]
    [InlineData("respond-hangs")]
    [InlineData("store-gone")]
    [InlineData("store-hangs")]
    [InlineData("evidence-throws")]
    [InlineData("source-gone")]
    [InlineData("budget-spent")]
    public async Task Shadow_ComparingFails_TheClientsAnswersAreLegacysOwn(string fault)
    {
        await using var setup = await StartAsync(fault);
        using var direct = GatewaySetup.Connect(setup.Upstream.Address);

        foreach (var kind in LegacyAnswers.Kinds)
        {
            foreach (var method in new[] { HttpMethod.Get, HttpMethod.Head })
            {
                var target = $"/api/items/7/availability?area={kind}";

                var expected = await ReadAsync(direct, method, target);
                var actual = await ReadAsync(setup.Client, method, target);

                Assert.Equal(expected, actual);
            }
        }

        if (fault is "evidence-throws" or "moments-hang")
            return;
        await GatewaySetup.UntilAsync(
            () => setup.Evidence.Comparisons.Count + setup.Evidence.Dropped.Count == LegacyAnswers.Kinds.Length,
            $"each is compared or counted ({setup.Evidence.Comparisons.Count} and {setup.Evidence.Dropped.Count})"
        );
        Assert.Equal(
            0,
            await setup
                .Gateway.Shadows.Find("availability")!
                .Places.WaitForEarlierAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)
        ); // compared or not
        var wrong = setup.Evidence.Verdicts.OfType<Verdict.Wrong>().Count();
        Assert.True(
            fault is "none" or "store-gone" or "store-hangs" or "budget-spent" ? wrong > 0 : wrong == 0,
            $"{wrong} wrong"
        );
        if (fault == "source-gone")
            Assert.All(setup.Evidence.Dropped, reason => Assert.Equal(DropReason.NoSight, reason));
        if (fault == "budget-spent")
            Assert.Contains(DropReason.Memory, setup.Evidence.Dropped);
        if (fault == "none")
            Assert.Equal(
                Expected.Order(),
                setup.Evidence.Verdicts.OfType<Verdict.Incomparable>().Select(verdict => verdict.Reason).Order()
            );
    }

    [Fact]
    public async Task Shadow_StreamedAnswer_IsFlushedAsItComes()
    {
        var goOn = new TaskCompletionSource();
        await using var setup = await StartAsync(
            "none",
            async context =>
            {
                await context.Response.WriteAsync("one", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                await goOn.Task;
                await context.Response.WriteAsync("two", context.RequestAborted);
            }
        );

        using var response = await setup.Client.GetAsync(
            "/api/items/7/availability",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var first = new byte[3];
        await body.ReadExactlyAsync(first, TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(TimeSpan.FromSeconds(20), TimeProvider.System, TestContext.Current.CancellationToken);
        goOn.SetResult();
        using var rest = new StreamReader(body);

        Assert.Equal("one", Encoding.UTF8.GetString(first));
        Assert.Equal("two", await rest.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Shadow_ClientGoesAway_IsCutOff()
    {
        var asked = new TaskCompletionSource();
        await using var setup = await StartAsync(
            "none",
            async context =>
            {
                await context.Response.WriteAsync("one", context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
                asked.TrySetResult();
                await Task.Delay(TimeSpan.FromSeconds(30), TimeProvider.System, context.RequestAborted);
            }
        );
        using var away = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

        var request = setup.Client.GetStringAsync("/api/items/7/availability", away.Token);
        await asked.Task.WaitAsync(
            TimeSpan.FromSeconds(20),
            TimeProvider.System,
            TestContext.Current.CancellationToken
        );
        await away.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);

        await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == 1, "it is counted");
        Assert.Equal(new Verdict.Incomparable(IncomparableReason.CutOff), Assert.Single(setup.Evidence.Verdicts));
    }

    [Fact]
    public async Task Shadow_GatewayEnds_WhatWaitsIsCountedAsEnded()
    {
        await using var setup = await StartAsync("moments-hang");
        for (var i = 0; i < 5; i++)
            await ReadAsync(setup.Client, HttpMethod.Get, "/api/items/7/availability?area=json");
        await GatewaySetup.UntilAsync(() => !setup.Moments.Asked.IsEmpty, "one is under way");

        await setup.Gateway.DisposeAsync();

        Assert.Equal(Enumerable.Repeat(DropReason.Ended, 5), setup.Evidence.Dropped);
        Assert.Empty(setup.Evidence.Comparisons);
    }

    [Fact]
    public async Task Shadow_MoreThanPerSecond_IsDroppedAndServed()
    {
        await using var setup = await StartAsync("none", null, (Shadow + "PerSecond", "1"));

        for (var i = 0; i < 6; i++)
            await ReadAsync(setup.Client, HttpMethod.Get, "/api/items/7/availability?area=json");

        Assert.Equal(6, setup.Evidence.Sampled.Count);
        Assert.NotEmpty(setup.Evidence.Dropped);
        Assert.All(setup.Evidence.Dropped, reason => Assert.Equal(DropReason.PerSecond, reason));
    }

    /// <summary>
    /// Documents, answers made from them, and bodies of requests count like copies of answers, and everything is given
    /// back.
    /// </summary>
    [Theory]
    [InlineData("documents")]
    [InlineData("answers")]
    [InlineData("body")]
    public async Task Shadow_MoreThanMayBeHeld_IsSaidAndServedAndGivenBack(string what)
    {
        await using var setup = await StartAsync(
            "none",
            context => context.Response.WriteAsJsonAsync(new { sku = 7 }, context.RequestAborted),
            ("Gateway:ShadowBytes", "65536"),
            ("ReverseProxy:Routes:availabilities:Strangler:Stage", "shadow")
        );
        var large = new string('x', what == "documents" ? 70_000 : 40_000);
        if (what == "documents")
            setup.Moments.Documents["7"] = $"\"{large}\"";
        if (what == "answers")
            setup.Responder.Instead = _ => Answer.Json(200, Encoding.UTF8.GetBytes($"\"{large}{large}\""));

        using var response = await setup.Client.PostAsync(
            "/api/availability",
            new StringContent(
                $$"""{"skus":["7"],"area":"{{(what == "body" ? large : "north")}}"}""",
                Encoding.UTF8,
                "application/json"
            ),
            TestContext.Current.CancellationToken
        );

        Assert.Equal("""{"sku":7}""", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await GatewaySetup.UntilAsync(
            () => setup.Evidence.Dropped.Count + setup.Evidence.Comparisons.Count > 0,
            "it is counted"
        );
        if (what == "body")
            Assert.Equal(DropReason.Memory, Assert.Single(setup.Evidence.Dropped));
        else
        {
            // not dropped: it takes the most when the answers differ, and its key is then unproven
            var part = Assert.Single(Assert.Single(setup.Evidence.Comparisons).Parts);
            Assert.Equal(("7", new Verdict.Undetermined(Doubt.NoMemory, "")), (part.Unit, part.Verdict));
        }
        await GatewaySetup.UntilAsync(() => setup.Gateway.Budget.Held == 0, "all is given back");
    }

    [Fact]
    [Trait("Category", "Long")]
    public async Task Shadow_AnswerOfAGigabyte_PassesAndHoldsNothing()
    {
        const int Pieces = 16 << 10;
        var piece = new byte[64 << 10];
        await using var setup = await StartAsync(
            "none",
            async context =>
            {
                for (var i = 0; i < Pieces; i++)
                    await context.Response.Body.WriteAsync(piece, context.RequestAborted);
            }
        );

        using var response = await setup.Client.GetAsync(
            "/api/items/7/availability",
            HttpCompletionOption.ResponseHeadersRead,
            TestContext.Current.CancellationToken
        );
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var (length, buffer) = (0L, new byte[1 << 20]);
        for (int read; (read = await body.ReadAsync(buffer, TestContext.Current.CancellationToken)) > 0; )
            length += read;

        Assert.Equal((long)Pieces * piece.Length, length);
        await GatewaySetup.UntilAsync(() => setup.Evidence.Comparisons.Count == 1, "it is counted");
        Assert.Equal(new Verdict.Incomparable(IncomparableReason.TooLarge), Assert.Single(setup.Evidence.Verdicts));
        Assert.InRange(setup.Gateway.Budget.MaxHeld, 1, 8 << 20);
        Assert.Equal(0, setup.Gateway.Budget.Held);
    }

    private static IncomparableReason[] Expected =>
        [
            IncomparableReason.NotAnAnswer,
            IncomparableReason.NotModified,
            IncomparableReason.Failed,
            IncomparableReason.TooManyRequests,
            IncomparableReason.TooLarge,
            IncomparableReason.Unreadable,
            IncomparableReason.NotAnAnswer,
            IncomparableReason.Unreadable,
            IncomparableReason.Unreadable,
        ];

    private async Task<GatewaySetup> StartAsync(
        string fault,
        RequestDelegate? answer = null,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await GatewaySetup.StartAsync(
            postgres,
            await Upstream.StartAsync(answer ?? LegacyAnswers.AnswerAsync),
            start: false
        );
        setup.Moments.Documents["7"] = """{"sku":7}""";
        var source = fault == "source-gone" ? "Host=127.0.0.1;Port=1;Username=nobody;Timeout=1" : setup.Store;
        await setup.StartGatewayAsync(
            "legacy",
            [
                ("Gateway:Source", source),
                ("Gateway:ShadowBytes", fault == "budget-spent" ? "65536" : null),
                ("ReverseProxy:Routes:availability:Strangler:Stage", "shadow"),
                (
                    "ReverseProxy:Routes:availability:Strangler:RespondLimit",
                    fault == "respond-hangs" ? "00:00:00.2" : "00:01:00"
                ),
                (Shadow + "AskAgain:PerSecond", "1000"),
                (Shadow + "AskAgain:Pause", "00:00:00.01"),
                (Shadow + "Wait", "00:00:01"),
                (Shadow + "MaxBodyBytes", fault == "budget-spent" ? "8388608" : null),
                .. settings,
            ]
        );
        if (fault != "source-gone")
            await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        Break(setup, fault);
        return setup;
    }

    private static void Break(GatewaySetup setup, string fault)
    {
        switch (fault)
        {
            case "moments-throw":
                setup.Moments.Instead = (_, _) => throw new InvalidOperationException("Broken.");
                break;
            case "moments-hang":
                setup.Moments.Instead = (_, _) => new TaskCompletionSource<BracketFound>().Task;
                break;
            case "moments-gone":
                setup.Moments.Instead = (_, _) => throw new MomentsUnavailableException("Gone.");
                break;
            case "moments-nonsense":
                setup.Moments.Instead = (_, _) => Task.FromResult<BracketFound>(FakeMoments.Of());
                break;
            case "respond-throws":
                setup.Responder.Instead = _ => throw new InvalidOperationException("Broken.");
                break;
            case "respond-hangs":
                var ends = TestContext.Current.CancellationToken;
                setup.Responder.Instead = _ =>
                {
                    new ManualResetEventSlim().Wait(ends);
                    return Answer.Empty(200);
                };
                break;
            case "store-gone":
                setup.Answers.Failure = new AnswersUnavailableException("Gone.");
                break;
            case "store-hangs":
                setup.Answers.Hangs = true;
                break;
            case "evidence-throws":
                setup.Evidence.Failure = new InvalidOperationException("Broken.");
                break;
        }
    }

    /// <summary>Everything of an answer except its date.</summary>
    private static async Task<string> ReadAsync(HttpClient client, HttpMethod method, string target)
    {
        using var request = new HttpRequestMessage(method, target);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .Where(header => header.Key != "Date")
            .Select(header => $"{header.Key}={string.Join("|", header.Value)}")
            .Order(StringComparer.Ordinal);
        return $"{method} {target} {(int)response.StatusCode} {string.Join(';', headers)} {body.Length} "
            + $"{Convert.ToHexString(SHA256.HashData(body))}";
    }
}
