using System.Net;
using Strangler.Gateway.Tests.Forwarding;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Callers;

/// <summary>A gateway that asks legacy who may see a route.</summary>
public sealed class AuthorizeByTests(PostgresFixture postgres)
{
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const string Item = "/api/items/7/availability";
    private static readonly string Document = """{"sku":7}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(200, "lookup", "")]
    [InlineData(204, "lookup", "")]
    [InlineData(302, "legacy", "access-refused")]
    [InlineData(401, "legacy", "access-refused")]
    [InlineData(403, "legacy", "access-refused")]
    [InlineData(404, "legacy", "access-refused")]
    [InlineData(429, "legacy", "access-refused")]
    [InlineData(500, "legacy", "access-unknown")]
    public async Task Lookup_LegacySaysWhoMaySee_AnswersOnlyThose(int status, string answeredBy, string reason)
    {
        var legacy = Legacy((_, _) => status);
        await using var setup = await StartAsync(legacy);

        Assert.Equal(answeredBy, await AskAsync(setup, "Authorization: Bearer a"));

        if (reason.Length > 0)
            Assert.Equal(1, setup.Gateway.Routes.Find("availability")!.Stats.Reasons()[reason]);
    }

    [Fact]
    public async Task Lookup_LegacyIsAsked_LearnsWhoCallsAndNothingElse()
    {
        var legacy = Legacy((_, _) => 200);
        await using var setup = await StartAsync(legacy, ("AuthorizeBy:Headers:0", "X-Tenant"));

        await AskAsync(setup, "Authorization: Bearer a\r\nCookie: s=1\r\nCookie: t=2\r\nX-Tenant: 3\r\nX-Other: 4");

        var asked = Assert.Single(legacy.Asked);
        Assert.Equal("GET /access/7 HTTP/1.1", asked.StartLine);
        Assert.Equal(
            [
                "Authorization: Bearer a",
                "Cookie: s=1; t=2",
                $"Host: {new Uri(legacy.Address).Authority}",
                "X-Forwarded-For: 127.0.0.1",
                "X-Forwarded-Host: shop.example",
                "X-Forwarded-Proto: http",
                "X-Tenant: 3",
            ],
            asked.Fields.Select(field => $"{field.Name}: {field.Value}").Order(StringComparer.Ordinal)
        );
    }

    /// <summary>Whatever differs in what was sent makes another question; what doesn't is asked once.</summary>
    [Theory]
    [InlineData(Item, "Authorization: Bearer a", 1)]
    [InlineData(Item, "Authorization: Bearer A", 2)]
    [InlineData(Item, "Authorization: Bearer a\r\nCookie: s=1", 2)]
    [InlineData(Item, "Cookie: Bearer a", 2)]
    [InlineData(Item, "X-Other: 1\r\nAuthorization: Bearer a", 1)]
    [InlineData(Item, "X-Other: 1", 2)]
    [InlineData("/api/items/8/availability", "Authorization: Bearer a", 2)]
    public async Task Lookup_AnswerThatIsKept_CountsForTheSameQuestionOnly(string target, string headers, int asked)
    {
        var legacy = Legacy((_, _) => 200);
        await using var setup = await StartAsync(legacy);

        await AskAsync(setup, "Authorization: Bearer a");
        await AskAsync(setup, headers, target);

        Assert.Equal(asked, legacy.Asked.Count(request => request.Target.StartsWith("/access/")));
    }

    [Fact]
    public async Task Lookup_AnswerThatIsTooOld_IsAskedForAgain()
    {
        var allows = true;
        var legacy = Legacy((_, _) => allows ? 200 : 403);
        await using var setup = await StartAsync(legacy, ("AuthorizeBy:For", "00:00:00"));

        Assert.Equal("lookup", await AskAsync(setup, "Authorization: Bearer a"));
        allows = false;

        Assert.Equal("legacy", await AskAsync(setup, "Authorization: Bearer a"));
    }

    /// <summary>One caller's token may break legacy's check: that concerns no other caller.</summary>
    [Fact]
    public async Task Lookup_CallerAtWhomLegacyFails_LeavesTheOthersAlone()
    {
        var legacy = Legacy((request, _) => request.Value("Authorization") == "Bearer broken" ? 500 : 200);
        await using var setup = await StartAsync(legacy);

        Assert.Equal("legacy", await AskAsync(setup, "Authorization: Bearer broken"));
        Assert.Equal("lookup", await AskAsync(setup, "Authorization: Bearer a"));
    }

    /// <summary>The request doesn't wait for longer than the route says.</summary>
    [Fact]
    public async Task Lookup_LegacyDoesNotSayWhoMaySee_AnswersItselfAndItIsSaid()
    {
        var legacy = Legacy((_, _) => 0);
        using var log = new KeptLog();
        await using var setup = await StartAsync(legacy, log, ("AuthorizeBy:Timeout", "00:00:00.1"));

        Assert.Equal("legacy", await AskAsync(setup, "Authorization: Bearer a"));

        Assert.Contains(
            log.Lines,
            line => line.Contains("doesn't say who may see route 'availability' (/access/7)", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(log.Lines, line => line.Contains("Bearer", StringComparison.Ordinal));
    }

    private static RawUpstream Legacy(Func<RawMessage, RawConnection, int> access) =>
        new(
            async (request, connection) =>
            {
                if (!request.Target.StartsWith("/access/", StringComparison.Ordinal))
                {
                    await connection.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nlegacy");
                    return;
                }
                var status = access(request, connection);
                if (status == 0)
                    await connection.BeDeafAsync();
                var length = status == 204 ? "" : "Content-Length: 0\r\n";
                await connection.WriteAsync($"HTTP/1.1 {status} X\r\n{length}\r\n");
            }
        );

    private Task<RawSetup> StartAsync(RawUpstream legacy, params (string Key, string? Value)[] settings) =>
        StartAsync(legacy, null, settings);

    private async Task<RawSetup> StartAsync(
        RawUpstream legacy,
        KeptLog? log,
        params (string Key, string? Value)[] settings
    )
    {
        var setup = await RawSetup.StartAsync(
            postgres,
            legacy,
            "lookup",
            log,
            [
                (Route + "Anonymous", null),
                (Route + "AuthorizeBy:Path", "/access/{sku}"),
                (Route + "AuthorizeBy:Timeout", "00:01:00"),
                (Route + "AuthorizeBy:For", "00:10:00"),
                (Route + "RespondLimit", "00:01:00"),
                .. settings.Select(setting => (Route + setting.Key, setting.Value)),
            ]
        );
        foreach (var key in (string[])["7", "8"])
            setup.Answers.Put(key, Document);
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.HasMoved, "the watermark has moved");
        return setup;
    }

    private static async Task<string> AskAsync(RawSetup setup, string headers, string target = Item)
    {
        using var connection = await setup.ConnectAsync();
        var lines = headers.Length == 0 ? "" : $"{headers}\r\n";
        var (head, body) = await connection.AskAsync($"GET {target} HTTP/1.1\r\nHost: shop.example\r\n{lines}\r\n");
        Assert.Equal((int)HttpStatusCode.OK, head.Status);
        return body == Document ? "lookup" : body;
    }
}
