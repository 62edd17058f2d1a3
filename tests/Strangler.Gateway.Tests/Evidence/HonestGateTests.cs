using System.Globalization;
using Microsoft.AspNetCore.Http;
using Strangler.Evidence.Rendering;
using Strangler.Evidence.Reports;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Evidence;

/// <summary>
/// A route in shadow whose answers all match, and what the gate nevertheless reports: what the matches prove, who
/// asked, and which headers legacy sent.
/// </summary>
public sealed class HonestGateTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const int Keys = 12;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangeStage_OnlyUnknownIdsMatched_IsRefusedAndSaysSo()
    {
        await using var setup = await StartAsync(
            context =>
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                context.Response.ContentType = "application/json";
                return context.Response.WriteAsync("""{"error":"unknown"}""");
            },
            exist: false
        );
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var keys = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single().Keys;

        Assert.Equal(["gate:min-matches", "gate:min-keys", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Equal((12, 0, 12), (keys.Matched, keys.Existing, keys.Absent));
        Assert.Contains(
            "Only 0 distinct keys that exist matched, where 10 are needed; "
                + "12 more don't exist on either side and aren't counted.",
            refused.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task ChangeStage_KeysThatExistMatched_IsTaken()
    {
        await using var setup = await StartAsync(Answer);
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
    }

    [Theory]
    [InlineData("Authorization", "Bearer secret")]
    [InlineData("Cookie", "session=secret")]
    [InlineData("X-Api-Key", "secret")]
    [InlineData("x-forwarded-user", "secret")]
    public async Task ChangeStage_OneRequestBroughtCredentials_IsRefusedUntilTheRouteIsAnonymous(
        string header,
        string value
    )
    {
        await using var setup = await StartAsync(Answer);
        await CompareAsync(
            setup,
            (request, key) =>
            {
                if (key == 105)
                    request.Headers.Add(header, value);
            }
        );

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();
        await setup.StartGatewayAsync("shadow", Settings(setup, (Route + "Anonymous", "true"))); // as after a restart
        var promoted = await PromoteAsync(setup);

        Assert.Equal(["gate:anonymous", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains(
            $"1 of 12 requests brought credentials ({header.ToLowerInvariant()}), and legacy refused none with 401 "
                + "or 403. A lookup doesn't look who asks",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal((false, 12, 1), (report.Access.Anonymous, report.Access.Requests, report.Access.WithCredentials));
        Assert.Equal(
            [(header.ToLowerInvariant(), 1)],
            report.Access.Credentials.Select(line => (line.Name, (int)line.Count))
        );
        Assert.Equal("lookup", promoted.Stage);
        Assert.Contains("1 of 12 requests brought credentials", promoted.Note, StringComparison.Ordinal);
        Assert.DoesNotContain(
            "secret",
            refused.Message
                + promoted.Note
                + TextReport.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [report])),
            StringComparison.Ordinal
        );
    }

    /// <summary>Requests that aren't compared show who asks too: with an empty share, and with a spent limit.</summary>
    [Theory]
    [InlineData(401, "Shadow:Share", "0")]
    [InlineData(403, "Shadow:Share", "0")]
    [InlineData(403, "Shadow:PerSecond", "1")]
    public async Task Report_LegacyRefusesSome_CountsThemThoughNothingIsSampled(
        int status,
        string setting,
        string value
    )
    {
        await using var setup = await StartAsync(
            context =>
            {
                if (!context.Request.Path.Value!.Contains("105", StringComparison.Ordinal))
                    return Answer(context);
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            },
            settings: (Route + setting, value)
        );
        for (var key = 100; key < 100 + Keys; key++)
            await GetAsync(setup, key, null);
        using (var undeclared = await setup.Client.GetAsync("/api/items/105/availability?other=1", Cancellation))
            Assert.Equal(status, (int)undeclared.StatusCode);

        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();
        var rule = report.Gate.Rules.Single(one => one.Rule == "anonymous");

        Assert.Equal(
            [(status.ToString(CultureInfo.InvariantCulture), 1)],
            report.Access.Refused.Select(line => (line.Name, (int)line.Count))
        );
        Assert.Equal(
            (
                false,
                "None of 12 requests brought credentials, and legacy refused 1 with 401 or 403. A lookup doesn't "
                    + "look who asks, so everybody would see what legacy shows to some."
            ),
            (rule.Kept, rule.Found)
        );
    }

    [Fact]
    public async Task Report_LegacyRefusesWhatTheLookupShows_RanksItFirst()
    {
        await using var setup = await StartAsync(
            context =>
            {
                if (!context.Request.Path.Value!.Contains("105", StringComparison.Ordinal))
                    return context.Response.WriteAsJsonAsync(new { quantity = 4 }, Cancellation);
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return Task.CompletedTask;
            },
            settings: (Route + "Shadow:AskAgain:PerSecond", "100")
        );
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(
            ("status", "security", 1),
            (report.Differences[0].Path, report.Differences[0].Kind, (int)report.Differences[0].Count)
        );
        Assert.Equal(("$.quantity", 11), (report.Differences[1].Path, (int)report.Differences[1].Count));
        Assert.Equal("security", report.Examples[0].Differences.Single().Kind);
        Assert.Contains("12 parts were wrong, at 'status', '$.quantity'.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cache-Control", "no-store")]
    [InlineData("Access-Control-Allow-Origin", "*")]
    [InlineData("Vary", "Origin")]
    [InlineData("Set-Cookie", "session=secret")]
    public async Task ChangeStage_LegacySendsAHeaderThatTheLookupDoesNot_IsRefusedAndNamesIt(
        string header,
        string value
    )
    {
        await using var setup = await StartAsync(With(header, value, only: 105));
        await CompareAsync(setup);

        var refused = await Assert.ThrowsAsync<FaultException>(() => PromoteAsync(setup));
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal(["gate:headers", "gate"], refused.Faults.Select(fault => fault.Path));
        Assert.Contains(
            "Legacy sends headers that the lookup doesn't: "
                + $"{header.ToLowerInvariant()} in 8.33 % of 12 compared answers.",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(
            (12, header.ToLowerInvariant(), "missing", 1),
            (
                report.Headers.Compared,
                report.Headers.Lines[0].Name,
                report.Headers.Lines[0].Kind,
                (int)report.Headers.Lines[0].Count
            )
        );
        Assert.Single(report.Headers.Lines);
        Assert.DoesNotContain(
            "secret",
            refused.Message + ReportJson.Write(new ReportFile(ReportFile.CurrentFormat, default, 0, [report])),
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("AnswerHeaders:Cache-Control", "no-store")]
    [InlineData("Compare:IgnoreHeaders:0", "cache-control")]
    [InlineData("Compare:Headers:0", "Cache-Control", "AnswerHeaders:cache-control", "no-store")]
    public async Task ChangeStage_TheHeaderIsAConstantOrIgnored_IsTaken(params string[] settings)
    {
        await using var setup = await StartAsync(
            With("Cache-Control", "no-store"),
            settings: [.. settings.Chunk(2).Select(setting => (Route + setting[0], (string?)setting[1]))]
        );
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
    }

    [Fact]
    public async Task ChangeStage_AResponseTransformMakesTheHeader_IsTaken()
    {
        const string Transform = "ReverseProxy:Routes:availability:Transforms:0:";
        await using var setup = await StartAsync(
            With("Cache-Control", "no-store"),
            settings:
            [
                (Transform + "ResponseHeader", "Cache-Control"),
                (Transform + "Set", "no-cache"),
                (Transform + "When", "Always"),
            ]
        );
        await CompareAsync(setup);

        Assert.Equal("lookup", (await PromoteAsync(setup)).Stage);
        Assert.Empty((await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single().Headers.Lines);
    }

    [Fact]
    public async Task ChangeStage_RespondMakesTheHeader_IsTakenAndOtherValuesAreReported()
    {
        await using var setup = await StartAsync(With("Cache-Control", "no-store"));
        setup.Responder.Instead = _ => new Answer(
            200,
            [new("Content-Type", "application/json"), new("cache-control", "max-age=5"), new("X-Own", "1")],
            """{"quantity":3}"""u8.ToArray()
        );
        await CompareAsync(setup);

        var promoted = await PromoteAsync(setup);
        var report = (await setup.Admin.ReportAsync("availability", Cancellation)).Routes.Single();

        Assert.Equal("lookup", promoted.Stage);
        Assert.Equal(
            [("cache-control", "value", 12), ("x-own", "extra", 12)],
            report.Headers.Lines.Select(line => (line.Name, line.Kind, (int)line.Count))
        );
        Assert.Equal(
            "No header of legacy's is missing from the lookup's answers, but those that are ignored. Not alike, and "
                + "reported: cache-control, x-own.",
            report.Gate.Rules.Single(rule => rule.Rule == "headers").Found
        );
    }

    /// <summary>Every answer of the lookup has the constants. Headers that Respond sets itself stay.</summary>
    [Fact]
    public async Task Lookup_ConstantHeaders_AreSentUnlessRespondMakesThem()
    {
        await using var setup = await StartAsync(
            Answer,
            settings:
            [
                (Route + "AnswerHeaders:Cache-Control", "no-store"),
                (Route + "AnswerHeaders:X-Own", "constant"),
                (Route + "AnswerHeaders:Link:0", "</a>"),
                (Route + "AnswerHeaders:Link:1", "</b>"),
            ]
        );
        setup.Responder.Instead = _ => new Answer(
            200,
            [new("Content-Type", "application/json"), new("x-own", "responded")],
            """{"quantity":3}"""u8.ToArray()
        );
        await setup.Admin.ForceStageAsync("availability", "lookup", "Ada", "why", Cancellation);

        using var response = await setup.Client.GetAsync("/api/items/7/availability", Cancellation);

        Assert.Empty(setup.Upstream.Asked);
        Assert.Equal(
            ("no-store", "responded", "</a>, </b>"),
            (
                response.Headers.CacheControl!.ToString(),
                Assert.Single(response.Headers.GetValues("x-own")),
                string.Join(", ", response.Headers.GetValues("Link"))
            )
        );
    }

    private static RequestDelegate With(string header, string value, int? only = null) =>
        context =>
        {
            if (
                only is not { } key
                || context.Request.Path.Value!.Contains(
                    key.ToString(CultureInfo.InvariantCulture),
                    StringComparison.Ordinal
                )
            )
                context.Response.Headers[header] = value;
            return Answer(context);
        };

    private static Task Answer(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync("""{"quantity":3}""");
    }

    /// <summary>Asks for a dozen keys, and waits until each has been compared.</summary>
    private static async Task CompareAsync(GatewaySetup setup, Action<HttpRequestMessage, int>? change = null)
    {
        for (var key = 100; key < 100 + Keys; key++)
            await GetAsync(setup, key, change);
        await GatewaySetup.UntilAsync(
            () => setup.Gateway.Routes.Find("availability")!.Stats.Shadow.Read().Compared == Keys,
            "all are compared"
        );
        // The gate's own flush is limited to two seconds, and the first one compiles its statements.
        await setup
            .Gateway.Shadows.Find("availability")!
            .Places.WaitForEarlierAsync(TimeSpan.FromMinutes(1), Cancellation);
        Assert.True(await setup.Gateway.Evidence.FlushAsync(Cancellation));
    }

    private static async Task GetAsync(GatewaySetup setup, int key, Action<HttpRequestMessage, int>? change)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            $"/api/items/{key.ToString(CultureInfo.InvariantCulture)}/availability?area=1"
        );
        change?.Invoke(request, key);
        using var response = await setup.Client.SendAsync(request, Cancellation);
    }

    private static Task<RouteReport> PromoteAsync(GatewaySetup setup) =>
        setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", Cancellation);

    /// <summary>Every key has a document, except those that legacy doesn't know.</summary>
    private async Task<GatewaySetup> StartAsync(
        RequestDelegate answer,
        bool exist = true,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await GatewaySetup.StartAsync(postgres, await Upstream.StartAsync(answer), start: false);
        setup.IsEvidenceStored = true;
        for (var key = 100; exist && key < 100 + Keys; key++)
            setup.Moments.Documents[key.ToString(CultureInfo.InvariantCulture)] = """{"quantity":3}""";
        await setup.StartGatewayAsync("shadow", Settings(setup, settings));
        await GatewaySetup.UntilAsync(() => setup.Gateway.Source.Kept() is not null, "the source is looked at");
        return setup;
    }

    private static (string Key, string? Value)[] Settings(
        GatewaySetup setup,
        params (string Key, string? Value)[] settings
    ) =>
        [
            ("Gateway:Source", setup.Store),
            (Route + "Gate:MinMatches", "10"),
            (Route + "Gate:MinKeys", "10"),
            (Route + "Shadow:AskAgain:Pause", "00:00:00.01"),
            .. settings,
        ];
}
