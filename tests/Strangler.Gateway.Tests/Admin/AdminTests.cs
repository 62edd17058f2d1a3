using System.Net;
using System.Text;
using Strangler.Foundation.Faults;
using Strangler.Gateway.Admin;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Admin;

public sealed class AdminTests(PostgresFixture postgres)
{
    [Theory]
    [InlineData("nothing", "lookup", "Ada", "why", "'availabilities', 'availability' and 'bare'")]
    [InlineData("availability", "canary", "Ada", "why", "'legacy', 'shadow' and 'lookup'")]
    [InlineData("availability", "1", "Ada", "why", "'legacy', 'shadow' and 'lookup'")]
    [InlineData("availability", "legacy", "Ada", "why", "already")]
    [InlineData("availability", "lookup", "Ada", " ", "why")]
    [InlineData("availability", "lookup", "Ada", "w\nhy", "control characters")]
    [InlineData("bare", "lookup", "Ada", "why", "names no projection")]
    public async Task ChangeStage_BadInput_IsAFaultAndChangesNothing(
        string route,
        string stage,
        string who,
        string why,
        string said
    )
    {
        await using var setup = await StartAsync();

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync(route, stage, who, why, TestContext.Current.CancellationToken)
        );

        Assert.Contains(said, fault.Message, StringComparison.Ordinal);
        Assert.All(
            (await setup.Admin.RoutesAsync(TestContext.Current.CancellationToken)).Routes,
            report => Assert.Equal(("legacy", 1), (report.Stage, report.Version))
        );
    }

    [Fact]
    public async Task ChangeStage_ManyFaults_AreSaidTogether()
    {
        await using var setup = await StartAsync();

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "x", "", "", TestContext.Current.CancellationToken)
        );

        Assert.Equal(["stage", "why"], fault.Faults.Select(one => one.Path));
    }

    [Fact]
    public async Task ChangeStage_ProjectionNotBuilt_IsRefused()
    {
        await using var setup = await StartAsync();
        setup.Answers.IsBuilt = false;

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.ChangeStageAsync("availability", "lookup", "Ada", "why", TestContext.Current.CancellationToken)
        );

        Assert.Contains("no watermark", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_OfARoute_HoldsEveryChange()
    {
        await using var setup = await StartAsync();
        await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "It agrees.",
            TestContext.Current.CancellationToken
        );
        using var bob = GatewaySetup.ConnectAdmin(setup.Gateway.AdminAddress, "Bob");
        await new AdminClient(bob).ChangeStageAsync(
            "availability",
            "legacy",
            "Ada",
            "It does not.",
            TestContext.Current.CancellationToken
        ); // regardless of the name in the request

        var history = await setup.Admin.HistoryAsync("availability", TestContext.Current.CancellationToken);

        Assert.Equal(
            [(3, "lookup", "legacy", "Bob"), (2, "legacy", "lookup", "Ada"), (1, null, "legacy", "configuration")],
            history.Changes.Select(change => (change.Version, change.From, change.To, change.Who))
        );
        await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.HistoryAsync("nothing", TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Documents_FoundAbsentMiss_AreTold()
    {
        await using var setup = await StartAsync();
        setup.Answers.Put("7", """{"sku":"7/8 é"}""");
        setup.Answers.Documents["9"] = new Found.Miss(MissReason.Quarantined);

        var document = await setup.Admin.DocumentAsync(
            "ItemAvailability",
            "007",
            TestContext.Current.CancellationToken
        );
        var absent = await setup.Admin.DocumentAsync("ItemAvailability", "8", TestContext.Current.CancellationToken);
        var miss = await setup.Admin.DocumentAsync("ItemAvailability", "9", TestContext.Current.CancellationToken);

        Assert.Equal(
            ("7", "document", """{"sku":"7/8 é"}""", "1:0/8:0", "1:FFFFFFFF/10:end"),
            (document.Key, document.Found, document.Document, $"{document.Touched}", $"{document.Watermark!.Position}")
        );
        Assert.Equal(("absent", null), (absent.Found, absent.Document));
        Assert.Equal(("miss", "quarantined"), (miss.Found, miss.Reason));
        var unknown = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.DocumentAsync("Nothing", "7", TestContext.Current.CancellationToken)
        );
        Assert.Contains("'ItemAvailability'", unknown.Message, StringComparison.Ordinal);
        var key = await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.DocumentAsync("ItemAvailability", "a/b%2Fc ?", TestContext.Current.CancellationToken)
        );
        Assert.Contains("'a/b%2Fc ?'", key.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reports_AfterRequests_ShowWhoAnswered()
    {
        await using var setup = await StartAsync();
        await setup.Client.GetStringAsync("/api/items/7/availability", TestContext.Current.CancellationToken);
        await setup.Admin.ForceStageAsync(
            "availability",
            "lookup",
            "Ada",
            "why",
            TestContext.Current.CancellationToken
        );
        setup.Answers.Put("7", "{}");
        await setup.Client.GetStringAsync("/api/items/7/availability", TestContext.Current.CancellationToken);
        await setup.Client.GetStringAsync("/api/items/7/availability?x=1", TestContext.Current.CancellationToken);

        var stats = (await setup.Admin.StatsAsync(TestContext.Current.CancellationToken)).Routes.Single(route =>
            route.Route == "availability"
        );
        var watermarks = await setup.Admin.WatermarksAsync(TestContext.Current.CancellationToken);
        var health = await setup.Admin.HealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, 2), (stats.Lookup.Count, stats.Legacy.Count));
        Assert.NotNull(stats.Lookup.P99);
        Assert.Equal(new Dictionary<string, long> { ["stage"] = 1, ["undeclared-query"] = 1 }, stats.Reasons);
        Assert.Equal("1:FFFFFFFF/10:end", $"{Assert.Single(watermarks.Watermarks).Watermark!.Position}");
        Assert.Equal(("serving", null, null), (health.Status, health.StoreTrouble, health.SourceTrouble));
        Assert.Empty(health.Parts);
        Assert.Empty(health.GatewayFaults);
    }

    [Theory]
    [InlineData("GET", "/routes")]
    [InlineData("GET", "/routes/availability/history")]
    [InlineData("POST", "/routes/availability/stage")]
    [InlineData("GET", "/documents/ItemAvailability/7")]
    [InlineData("GET", "/watermarks")]
    [InlineData("GET", "/stats")]
    [InlineData("GET", "/report")]
    [InlineData("GET", "/evidence/examples/X")]
    [InlineData("GET", "/examples/X/explain")]
    [InlineData("GET", "/nothing")]
    [InlineData("POST", "/health")]
    public async Task Request_WithoutAKnownToken_IsRefusedWithTheWayToGetOne(string method, string path)
    {
        await using var setup = await StartAsync();
        using var http = GatewaySetup.Connect(setup.Gateway.AdminAddress);

        foreach (
            var authorization in (string?[])
                [null, "", "Bearer", "Bearer ", "Bearer Ada", "Basic QWRhOg==", $"Bearer {new string('0', 64)}"]
        )
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method == "POST")
                request.Content = new StringContent(
                    """{"stage":"lookup","who":"Ada","why":"b","force":true}""",
                    Encoding.UTF8,
                    "application/json"
                );
            if (authorization is not null)
                request.Headers.TryAddWithoutValidation("Authorization", authorization);
            using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
            var said = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Equal(
                (HttpStatusCode.Unauthorized, "Bearer"),
                (response.StatusCode, response.Headers.WwwAuthenticate.ToString())
            );
            Assert.Contains(
                $"who may read '{GatewaySetup.TokenFile}', or set STRANGLER_ADMIN_TOKEN",
                said,
                StringComparison.Ordinal
            );
        }
        Assert.All(
            (await setup.Admin.RoutesAsync(TestContext.Current.CancellationToken)).Routes,
            report => Assert.Equal(1, report.Version)
        );
    }

    [Fact]
    public async Task Request_ThatFailsByADefect_IsLoggedWithoutTheKey()
    {
        using var log = new KeptLog();
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        (setup.Answers.Failure, setup.Loggers) = (new InvalidOperationException("It is broken."), log);
        await setup.StartGatewayAsync();

        await Assert.ThrowsAsync<FaultException>(() =>
            setup.Admin.DocumentAsync("ItemAvailability", "770077", TestContext.Current.CancellationToken)
        );

        Assert.Single(
            log.Lines,
            line => line.Contains("The admin API failed at '/documents/{projection}/", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(log.Lines, line => line.Contains("770077", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Request_ForHealth_NeedsNoToken()
    {
        await using var setup = await StartAsync();
        using var http = GatewaySetup.Connect(setup.Gateway.AdminAddress);

        Assert.Equal(
            "serving",
            (await new AdminClient(http).HealthAsync(TestContext.Current.CancellationToken)).Status
        );
    }

    [Theory]
    [InlineData("POST", "/routes/availability/stage", "application/json", "{", 400)]
    [InlineData("POST", "/routes/availability/stage", "application/json", "null", 400)]
    [InlineData("POST", "/routes/availability/stage", "application/json", "", 400)]
    [InlineData("POST", "/routes/availability/stage", "text/plain", """{"stage":"lookup","who":"a","why":"b"}""", 415)]
    [InlineData("POST", "/routes/availability/stage", "application/x-www-form-urlencoded", "stage=lookup", 415)]
    [InlineData("GET", "/nothing", null, null, 404)]
    [InlineData("GET", "/documents/ItemAvailability/", null, null, 400)]
    public async Task Request_Malformed_IsRefusedWithAProblem(
        string method,
        string path,
        string? type,
        string? body,
        int status
    )
    {
        await using var setup = await StartAsync();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, type!);

        using var response = await setup.AdminHttp.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("Host", "evil.example")]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    public async Task Request_OfABrowsersPage_IsForbidden(string header, string value)
    {
        await using var setup = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/routes");
        request.Headers.TryAddWithoutValidation(header, value);

        using var response = await setup.AdminHttp.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Request_BodyOverTheLimit_IsRefused()
    {
        await using var setup = await StartAsync();
        using var content = new StringContent(
            $$"""{"stage":"lookup","who":"a","why":"{{new string('x', 20_000)}}"}""",
            Encoding.UTF8,
            "application/json"
        );

        using var response = await setup.AdminHttp.PostAsync(
            "/routes/availability/stage",
            content,
            TestContext.Current.CancellationToken
        );

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task Client_NobodyAnswers_SaysWhereItLooked()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Demo.Processes.FreePort.Take()}") };

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            new AdminClient(http).RoutesAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains(http.BaseAddress!.ToString(), fault.Message, StringComparison.Ordinal);
        Assert.Contains("--admin", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Client_SomethingElseAnswers_SaysSo()
    {
        await using var setup = await StartAsync();

        var fault = await Assert.ThrowsAsync<FaultException>(() =>
            new AdminClient(setup.Client).RoutesAsync(TestContext.Current.CancellationToken)
        );

        Assert.Contains("is not a gateway's admin API", fault.Message, StringComparison.Ordinal);
    }

    private async Task<GatewaySetup> StartAsync() =>
        await GatewaySetup.StartAsync(
            postgres,
            await Upstream.EchoAsync(),
            "legacy",
            true,
            ("ReverseProxy:Routes:bare:ClusterId", "legacy"),
            ("ReverseProxy:Routes:bare:Match:Path", "/bare"),
            ("ReverseProxy:Routes:bare:Strangler:Stage", "legacy")
        );
}
