using System.Net;
using Npgsql;
using Strangler.ChangeLog;
using Strangler.Gateway.Sessions;
using Strangler.Gateway.Tests.Shadowing;
using Strangler.Projections;
using Strangler.Testing;
using Xunit;
using static Strangler.Gateway.Tests.Sessions.SessionRoute;

namespace Strangler.Gateway.Tests.Sessions;

/// <summary>
/// A route with <c>Freshness: session</c>, with a real store and a real source to look at. How far the documents are is
/// up to the test.
/// </summary>
public sealed class SessionServingTests(PostgresFixture postgres)
{
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
        var before = setup.Counted("availability", "position-unknown");
        var verified = setup.Answers.Verification!;
        setup.Answers.Verification = new SourceVerification(2, "another run of the server");
        await GatewaySetup.UntilAsync(() => !setup.Gateway.Ages.IsVerified(verified.Server), "that is known");

        var token = await WriteAsync(setup);
        setup.Answers.Verification = verified with { Number = 3 };
        await ApplyAsync(setup, await EndAsync(setup));
        await ReadUntilAsync(setup, null, Document);

        using var read = await GetAsync(setup, token);
        Assert.Equal(Legacy, await read.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal(1, setup.Counted("availability", "position-unknown") - before);
        await ApplyAsync(setup, await EndAsync(setup));
        await ReadUntilAsync(setup, TokenOf(read), Document); // the look with legacy's answer has the write
        Assert.Equal(1, setup.Counted("availability", "position-unknown") - before);
    }

    /// <summary>What is behind legacy may still write, whatever a later look sees.</summary>
    [Fact]
    public async Task Write_ThatTimedOut_IsReadFromLegacyAlsoAfterALook()
    {
        await using var setup = await StartAsync();
        var before = setup.Counted("availability", "position-unknown");

        using var written = await setup.Client.PutAsync("/x/timeout", new StringContent("{}"), Cancellation);
        using var read = await GetAsync(setup, TokenOf(written));
        await ApplyAsync(setup, await EndAsync(setup));

        Assert.Equal(HttpStatusCode.GatewayTimeout, written.StatusCode);
        Assert.Equal(Legacy, await ReadAsync(setup, TokenOf(read)));
        Assert.Equal(2, setup.Counted("availability", "position-unknown") - before);
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
        var before = setup.Counted("availability", "position-unknown");
        relay.AnswerOnceMore(static () => { });
        await SendWriteAsync(setup);

        var token = await WriteAsync(setup);

        var read = (SessionText.Signed)TokenCodec.Read(token, setup.Gateway.SessionKeys.Keys!);
        Assert.NotNull(read.Token.UnknownSince);
        Assert.Equal(Legacy, await ReadAsync(setup, token));
        Assert.Equal(1, setup.Counted("availability", "position-unknown") - before);
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

    private Task<GatewaySetup> StartAsync(params (string Key, string? Value)[] settings) =>
        SessionRoute.StartAsync(postgres, settings);
}
