using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Http;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Tests.Shadowing;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>
/// A route with <c>Freshness: session</c>, with a real store and a real source to look at. How far the documents are is
/// up to the test.
/// </summary>
public sealed class SessionServingTests(PostgresFixture postgres)
{
    private const string Target = "/api/items/7/availability";
    private const string Route = "ReverseProxy:Routes:availability:Strangler:";
    private const string Document = """{"sku":7}""";
    private const string Legacy = $"legacy {Target}";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Write_ThenRead_WaitsUntilTheDocumentsHaveIt()
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:01:00"));
        var stats = setup.Gateway.Routes.Find("availability")!.Stats;
        var (before, token) = (stats.Freshness.Count, await WriteAsync(setup));

        var reading = ReadAsync(setup, token);
        // who waits says so in the store
        await using var listener = await ListenAsync(setup, WantedLsn.Channel);
        await listener.WaitAsync(Cancellation);
        Assert.False(reading.IsCompleted);
        await ApplyAsync(setup, await EndAsync(setup));

        Assert.Equal(Document, await reading);
        Assert.Equal(1, stats.Freshness.Count - before);
    }

    [Fact]
    public async Task Write_ThenReadBeforeTheDocumentsHaveIt_IsLegacysWithinTheLimit()
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:00:00.0500000"));
        var token = await WriteAsync(setup);

        var before = setup.Counted("availability", "freshness-late");
        Assert.Equal(Legacy, await ReadAsync(setup, token));
        Assert.Equal(Document, await ReadAsync(setup, token: null)); // of somebody else
        Assert.Equal(1, setup.Counted("availability", "freshness-late") - before);
    }

    [Fact]
    public async Task Write_ByAClientWithCookies_IsAskedForByTheCookie()
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:00:00.0500000"));

        using var written = await SendWriteAsync(setup);
        var before = setup.Counted("availability", "freshness-late");
        var cookie = Assert.Single(written.Headers.GetValues("Set-Cookie"));
        var pair = cookie[..cookie.IndexOf(';', StringComparison.Ordinal)];
        using var read = new HttpRequestMessage(HttpMethod.Get, Target) { Headers = { { "Cookie", pair } } };
        using var answer = await setup.Client.SendAsync(read, Cancellation);

        Assert.Equal($"{SessionHeaders.Cookie}={TokenOf(written)}", pair);
        Assert.EndsWith("; Path=/; Max-Age=125; HttpOnly; SameSite=Lax", cookie, StringComparison.Ordinal);
        Assert.Equal(Legacy, await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(1, setup.Counted("availability", "freshness-late") - before);
        var asked = setup.Upstream.Asked.Last();
        Assert.False(asked.Headers.ContainsKey("Cookie"));
    }

    /// <summary>Legacy gets what the client would have sent without tokens.</summary>
    [Fact]
    public async Task Write_WithTokens_AreNotSentToLegacy()
    {
        await using var setup = await StartAsync();
        var token = await WriteAsync(setup);

        using var write = new HttpRequestMessage(HttpMethod.Put, "/x")
        {
            Headers = { { "Cookie", $"a=1; {SessionHeaders.Cookie}={token}" }, { SessionHeaders.Position, token } },
        };
        using var answer = await setup.Client.SendAsync(write, Cancellation);

        var asked = setup.Upstream.Asked.Last();
        Assert.Equal("a=1", asked.Headers.Cookie);
        Assert.False(asked.Headers.ContainsKey(SessionHeaders.Position));
    }

    /// <summary>What one gateway has signed, another one on the same store reads.</summary>
    [Fact]
    public async Task Read_OverAnotherGateway_WaitsForTheSame()
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:00:00.0500000"));
        using var first = setup.Client;
        await StartAnotherAsync(setup, (Route + "FreshnessTimeout", "00:00:00.0500000"));
        var token = await WriteAsync(setup, first);

        var before = setup.Counted("availability", "freshness-late");
        Assert.Equal(Legacy, await ReadAsync(setup, token));
        Assert.Equal(1, setup.Counted("availability", "freshness-late") - before);
        await ApplyAsync(setup, await EndAsync(setup));
        await ReadUntilAsync(setup, token, Document);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Read_ForgedToken_IsIgnored(bool isOfAnotherKey)
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:00:10"));
        var before = setup.Gateway.Routes.Find("availability")!.Stats.Reasons();
        var key = new SessionKey(isOfAnotherKey ? 99 : 1, new byte[SessionKey.Bytes], TimeSpan.Zero);
        var far = new SessionToken(
            SessionPosition.Of("shop", 1, new Lsn(ulong.MaxValue)),
            TimeProvider.System.GetUtcNow()
        );

        Assert.Equal(Document, await ReadAsync(setup, TokenCodec.Write(far, key)));
        Assert.Equal(before, setup.Gateway.Routes.Find("availability")!.Stats.Reasons());
    }

    /// <summary>A token of a source that was put back to an older state, and one of an unknown epoch.</summary>
    [Theory]
    [InlineData(1, Legacy)]
    [InlineData(2, Document)]
    public async Task Read_TokenBeyondWhatIsKnown_MakesTheGatewayLook(int epoch, string answer)
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:01:00"));
        var before = setup.Counted("availability", "source-unverified");
        var far = new SessionToken(SessionPosition.Of("shop", epoch, new Lsn(ulong.MaxValue)), null);
        await SendWriteAsync(setup);

        var reading = ReadAsync(setup, TokenCodec.Write(far, setup.Gateway.SessionKeys.Keys!.Signing));
        if (answer == Document)
        {
            await using var listener = await ListenAsync(setup, WantedLsn.Channel);
            await listener.WaitAsync(Cancellation);
            Assert.False(reading.IsCompleted);
            await ApplyAsync(setup, await EndAsync(setup));
        }

        Assert.Equal(answer, await reading);
        Assert.Equal(answer == Legacy ? 1 : 0, setup.Counted("availability", "source-unverified") - before);
    }

    /// <summary>The log isn't known to have the history of the server that is looked at.</summary>
    [Fact]
    public async Task Write_WhileTheSourceIsNotVerified_IsReadFromLegacyUntilAllDocumentsHaveIt()
    {
        await using var setup = await StartAsync();
        var verified = setup.Answers.Verification!;
        setup.Answers.Verification = new SourceVerification(2, "another run of the server");
        await GatewaySetup.UntilAsync(() => !setup.Gateway.Ages.IsVerified(verified.Server), "that is known");

        var token = await WriteAsync(setup);
        setup.Answers.Verification = verified with { Number = 3 };
        await ApplyAsync(setup, await EndAsync(setup));
        await ReadUntilAsync(setup, null, Document);

        using var read = await GetAsync(setup, token);
        Assert.Equal(Legacy, await read.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(1, setup.Counted("availability", "position-unknown"));
        await ApplyAsync(setup, await EndAsync(setup));
        await ReadUntilAsync(setup, TokenOf(read), Document); // the look with legacy's answer has the write
        Assert.Equal(1, setup.Counted("availability", "position-unknown"));
    }

    /// <summary>What is behind legacy may still write, whatever a later look sees.</summary>
    [Fact]
    public async Task Write_ThatTimedOut_IsReadFromLegacyAlsoAfterALook()
    {
        await using var setup = await StartAsync();

        using var written = await setup.Client.PutAsync("/x/timeout", new StringContent("{}"), Cancellation);
        using var read = await GetAsync(setup, TokenOf(written));
        await ApplyAsync(setup, await EndAsync(setup));

        Assert.Equal(HttpStatusCode.GatewayTimeout, written.StatusCode);
        Assert.Equal(Legacy, await ReadAsync(setup, TokenOf(read)));
        Assert.Equal(2, setup.Counted("availability", "position-unknown"));
    }

    /// <summary>The look takes longer than headers are held.</summary>
    [Fact]
    public async Task Write_WhileTheSourceIsMute_IsAnsweredWithATokenOfLegacyOnly()
    {
        await using var setup = await GatewaySetup.StartAsync(postgres, await Upstream.EchoAsync(), start: false);
        await using var relay = new SourceRelay(setup.Store);
        setup.Answers.Put("7", Document);
        await ApplyAsync(setup, new Lsn(8));
        await StartAnotherAsync(setup, ("Gateway:Source", relay.ConnectionString));
        relay.AnswerOnceMore(static () => { });
        await SendWriteAsync(setup);

        var token = await WriteAsync(setup);

        var read = (SessionText.Signed)TokenCodec.Read(token, setup.Gateway.SessionKeys.Keys!);
        Assert.NotNull(read.Token.UnknownSince);
        Assert.Equal(Legacy, await ReadAsync(setup, token));
        Assert.Equal(1, setup.Counted("availability", "position-unknown"));
    }

    /// <summary>Reads of one caller don't go back in time.</summary>
    [Fact]
    public async Task Read_AfterLegacyAnswered_HasWhatLegacyHad()
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:00:00.0500000"));
        var held = setup.Gateway.Routes.Find("availability")!.Stats.Held;
        var (late, before) = (setup.Counted("availability", "freshness-late"), held.Count);
        setup.Answers.Documents["7"] = new Found.Miss(MissReason.Dirty);
        await WriteAsync(setup); // of somebody else

        using var first = await setup.Client.GetAsync(Target, Cancellation);
        setup.Answers.Put("7", Document);

        Assert.Equal(Legacy, await first.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(Legacy, await ReadAsync(setup, TokenOf(first)));
        Assert.Equal(1, setup.Counted("availability", "freshness-late") - late);
        Assert.Equal(2, held.Count - before);
        Assert.Equal(Document, await ReadAsync(setup, null));
    }

    /// <summary>What legacy answered before a route came to the lookup is in the lookup's first answer.</summary>
    [Fact]
    public async Task Read_FirstAfterThePromotion_HasWhatLegacyHad()
    {
        await using var setup = await StartAsync((Route + "FreshnessTimeout", "00:00:00.0500000"));
        await setup.Admin.ForceStageAsync("availability", "legacy", "", "to write", Cancellation);
        await ReadUntilAsync(setup, null, Legacy);
        await using (var data = NpgsqlDataSource.Create(setup.Store))
        await using (var write = data.CreateCommand("create table written ()"))
            await write.ExecuteNonQueryAsync(Cancellation);

        var before = setup.Counted("availability", "freshness-late");
        await setup.Admin.ForceStageAsync("availability", "lookup", "", "to read", Cancellation);
        await GatewaySetup.UntilAsync(
            async () =>
            {
                Assert.Equal(Legacy, await ReadAsync(setup, null));
                return setup.Counted("availability", "freshness-late") > before;
            },
            "the stage is known"
        );
        await ApplyAsync(setup, await EndAsync(setup));
        await ReadUntilAsync(setup, null, Document);
    }

    [Theory]
    [InlineData("GET", "rest", "", false)]
    [InlineData("PUT", "rest", "", true)]
    [InlineData("PUT", "*", "", true)]
    [InlineData("PUT", null, "", false)]
    [InlineData("PUT", "rest", "shop.example", false)] // readers of that host don't get its cookies
    [InlineData("PUT", "rest", "*.0.0.1", true)]
    public async Task Request_GivesATokenIfItMayWriteWhereSessionsSeeIt(
        string method,
        string? routes,
        string host,
        bool isGiven
    )
    {
        await using var setup = await StartAsync(
            ("Gateway:SessionWrites:0", routes),
            ("ReverseProxy:Routes:availability:Match:Hosts:0", host.Length == 0 ? null : host)
        );

        using var answer = await setup.Client.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), "/x"),
            Cancellation
        );

        Assert.Equal("legacy /x", await answer.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(isGiven, answer.Headers.Contains(SessionHeaders.Position));
        Assert.Equal(isGiven, answer.Headers.Contains("Set-Cookie"));
    }

    /// <summary>What is declared to only read gives no token; other methods of such a route do.</summary>
    [Fact]
    public async Task Request_OnARouteWithASection_NeedsNoListing()
    {
        await using var setup = await StartAsync(
            ("Gateway:SessionWrites:0", null),
            ("ReverseProxy:Routes:availability:Match:Methods:0", null),
            ("ReverseProxy:Routes:availability:Match:Methods:1", null)
        );

        using var read = await setup.Client.PostAsync("/api/availability", new StringContent("{}"), Cancellation);
        using var write = await setup.Client.DeleteAsync(Target, Cancellation);

        Assert.False(read.Headers.Contains(SessionHeaders.Position));
        Assert.True(write.Headers.Contains(SessionHeaders.Position));
    }

    private async Task<GatewaySetup> StartAsync(params (string Key, string? Value)[] settings)
    {
        var legacy = await Upstream.StartAsync(context =>
        {
            if (context.Request.Path.Value!.EndsWith("timeout", StringComparison.Ordinal))
                context.Response.StatusCode = StatusCodes.Status504GatewayTimeout;
            return context.Response.WriteAsync($"legacy {context.Request.Path}");
        });
        var setup = await GatewaySetup.StartAsync(postgres, legacy, start: false);
        setup.Answers.Put("7", Document);
        await ApplyAsync(setup, new Lsn(8));
        await StartAnotherAsync(setup, settings);
        return setup;
    }

    /// <summary>A gateway whose documents have everything so far, and that has answered one request.</summary>
    private static async Task StartAnotherAsync(GatewaySetup setup, params (string Key, string? Value)[] settings)
    {
        await setup.StartGatewayAsync(
            "lookup",
            [
                ("Gateway:Source", setup.Store),
                ("Gateway:SessionWrites:0", "rest"),
                (Route + "Freshness", "session"),
                .. settings,
            ]
        );
        if (
            settings.Any(setting =>
                setting.Key.EndsWith("Hosts:0", StringComparison.Ordinal) && setting.Value is not null
            )
        )
        {
            await GatewaySetup.UntilAsync(() => setup.Gateway.SessionKeys.Keys is not null, "the keys are read");
            return;
        }
        await GatewaySetup.UntilAsync(() => setup.Gateway.Ages.IsLookedAt, "the source was looked at");
        await GatewaySetup.UntilAsync(
            async () =>
            {
                var reading = ReadAsync(setup, null);
                // telling it writes to the log, too, of which source and store are
                while (await Task.WhenAny(reading, Task.Delay(Pause, TimeProvider.System, Cancellation)) != reading)
                    await ApplyAsync(setup, await EndAsync(setup));
                return await reading == Document;
            },
            "the lookup answers"
        );
    }

    private static async Task<string> WriteAsync(GatewaySetup setup, HttpClient? client = null)
    {
        using var answer = await SendWriteAsync(setup, client);
        return TokenOf(answer);
    }

    /// <summary>Writes something to the source first, as legacy would.</summary>
    private static async Task<HttpResponseMessage> SendWriteAsync(GatewaySetup setup, HttpClient? client = null)
    {
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var write = data.CreateCommand("create table if not exists w (a int); insert into w values (1)");
        await write.ExecuteNonQueryAsync(Cancellation);
        return await (client ?? setup.Client).PutAsync("/x", new StringContent("{}"), Cancellation);
    }

    private static string TokenOf(HttpResponseMessage answer) =>
        Assert.Single(answer.Headers.GetValues(SessionHeaders.Position));

    private static async Task<HttpResponseMessage> GetAsync(GatewaySetup setup, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Target);
        if (token is not null)
            request.Headers.Add(SessionHeaders.Position, token);
        return await setup.Client.SendAsync(request, Cancellation);
    }

    private static async Task<string> ReadAsync(GatewaySetup setup, string? token)
    {
        using var answer = await GetAsync(setup, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancellation);
    }

    private static Task ReadUntilAsync(GatewaySetup setup, string? token, string answer) =>
        GatewaySetup.UntilAsync(async () => await ReadAsync(setup, token) == answer, $"'{answer}' is read");

    /// <summary>Everything before an LSN is applied, and the projections say so.</summary>
    private static async Task ApplyAsync(GatewaySetup setup, Lsn before)
    {
        var position = Position.EndOf(1, before.JustBefore);
        setup.Answers.Watermark = new Watermark("shop", position, TimeProvider.System.GetUtcNow());
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var tell = data.CreateCommand("select pg_notify($1, $2)");
        tell.Parameters.AddWithValue(AppliedPosition.Channel);
        tell.Parameters.AddWithValue(new AppliedPosition("shop", position).ToString());
        await tell.ExecuteNonQueryAsync(Cancellation);
    }

    private static async Task<Lsn> EndAsync(GatewaySetup setup)
    {
        await using var data = NpgsqlDataSource.Create(setup.Store);
        await using var command = data.CreateCommand("select pg_current_wal_insert_lsn()::text");
        return Lsn.Parse((string)(await command.ExecuteScalarAsync(Cancellation))!, CultureInfo.InvariantCulture);
    }

    private static async Task<NpgsqlConnection> ListenAsync(GatewaySetup setup, string channel)
    {
        var connection = new NpgsqlConnection(setup.Store);
        await connection.OpenAsync(Cancellation);
        await using var listen = new NpgsqlCommand($"listen {channel}", connection);
        await listen.ExecuteNonQueryAsync(Cancellation);
        return connection;
    }
}
