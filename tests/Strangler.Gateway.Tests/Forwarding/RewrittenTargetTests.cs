using Strangler.Testing;
using Xunit;

namespace Strangler.Gateway.Tests.Forwarding;

/// <summary>
/// What transforms leave unchanged in a target stays as the client wrote it, and nothing is encoded twice.
/// </summary>
public sealed class RewrittenTargetTests(PostgresFixture postgres)
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

    [Theory]
    [InlineData("PathPrefix", "/old", "/a%2Fb/%E4?x=%2F", "/old/a%2Fb/%E4?x=%2F")]
    [InlineData("PathPrefix", "/old", "/%252F/100%", "/old/%252F/100%")]
    [InlineData("PathRemovePrefix", "/api", "/api/a%2Fb/%2e/caf%C3%A9", "/a%2Fb/caf%C3%A9")]
    [InlineData("PathRemovePrefix", "/api", "/%61pi/a%2Fb", "/a%2Fb")]
    [InlineData("PathRemovePrefix", "/api", "/a[b]", "/a[b]")]
    [InlineData("PathSet", "/set it", "/a%2Fb?x=[%E4]", "/set%20it?x=[%E4]")]
    [InlineData("PathPattern", "/v2/{**rest}", "/a%2Fb/c%20d?x", "/v2/a%2Fb/c%20d?x")]
    [InlineData("QueryRemoveParameter", "token", "/a%2Fb?x=%E4&token=1&y=[2]&x=%2f", "/a%2Fb?x=%E4&y=[2]&x=%2f")]
    [InlineData("QueryRemoveParameter", "token", "/a?token=1", "/a")]
    [InlineData("QueryRemoveParameter", "token", "/a?other=100%", "/a?other=100%")]
    public async Task Target_WithATransform_KeepsWhatTheTransformLeft(
        string transform,
        string value,
        string target,
        string expected
    )
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ($"ReverseProxy:Routes:rest:Transforms:0:{transform}", value)
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, expected), await setup.AskForAsync(connection, target));
    }

    /// <summary>
    /// A value that becomes part of a segment is escaped, but an escape that the server left in it is the client's.
    /// </summary>
    [Theory]
    [InlineData("/caf%E4/%2F", "/v2/%2F/x-caf%E4/end")]
    [InlineData("/%25E4/b", "/v2/b/x-%25E4/end")]
    [InlineData("/100%/b%20c[d]", "/v2/b%20c[d]/x-100%25/end")]
    public async Task Target_WithAPatternOfValues_KeepsWhatTheClientWrote(string target, string expected)
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ("ReverseProxy:Routes:rest:Match:Path", "/{id}/{name}"),
            ("ReverseProxy:Routes:rest:Transforms:0:PathPattern", "/v2/{name}/x-{id}/end")
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, expected), await setup.AskForAsync(connection, target));
    }

    /// <summary>A path can't climb out of the text of a transform, nor out of a destination's path.</summary>
    [Theory]
    [InlineData("PathPrefix", "/shop", "/a/../b.c/...", 200, "/shop/b.c/...")]
    [InlineData("PathPrefix", "/shop", "/a/..%2Fb", 400, null)]
    [InlineData("PathPrefix", "/shop", "/shop/a%2Fb", 200, "/shop/shop/a%2Fb")]
    [InlineData("PathPrefix", "/shop", "/..%2Fadmin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/%2e%2e%2Fadmin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/a/..%2F..%2Fadmin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/..%5Cadmin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/..;x=1/admin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/%252e%252e/admin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/a/x/../..%2F..%2Fadmin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/shop/..%2F..%2Fadmin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/..#", 400, null)]
    [InlineData("PathPrefix", "/shop", "/..\t/admin", 400, null)]
    [InlineData("PathPrefix", "/shop", "/.%01./admin", 400, null)]
    [InlineData("PathPattern", "/v2/{**rest}", "/..%2Fadmin", 400, null)]
    [InlineData("PathPattern", "/v2/{**rest}", "/v2/..%2F..%2Fadmin", 400, null)]
    [InlineData("PathRemovePrefix", "/api", "/api/..%2Fa", 200, "/..%2Fa")]
    [InlineData("PathSet", "/set", "/..%2Fa", 200, "/set")]
    public async Task Target_WithATransform_NeverClimbsOutOfWhatTheTransformWrote(
        string transform,
        string value,
        string target,
        int status,
        string? expected
    )
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ($"ReverseProxy:Routes:rest:Transforms:0:{transform}", value)
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((status, expected), await setup.AskForAsync(connection, target));
    }

    /// <summary>A client's segments may look like those of a transform.</summary>
    [Theory]
    [InlineData("/shop/..%2Fadmin", "PathRemovePrefix", "/shop", "PathPrefix", "/new/shop")]
    [InlineData("/shop/..%2Fadmin", "PathRemovePrefix", "/shop", "PathPrefix", "/shop")]
    [InlineData("/lit/..%2Fadmin", "PathPattern", "/lit/{**rest}", "PathRemovePrefix", "/lit")]
    public async Task Target_WithTransformsThatWriteWhatTheClientWrote_NeverClimbsOutOfIt(
        string target,
        string first,
        string value,
        string second,
        string other
    )
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ($"ReverseProxy:Routes:rest:Transforms:0:{first}", value),
            ($"ReverseProxy:Routes:rest:Transforms:1:{second}", other)
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((400, null), await setup.AskForAsync(connection, target));
    }

    [Theory]
    [InlineData("/..%2F..%2Fadmin/b", 400, null)]
    [InlineData("/a/..%2Fb", 400, null)]
    [InlineData("/a%2F..%2Fc/b", 400, null)]
    [InlineData("/a%2Fb/100%25", 200, "/v2/100%25/x-a%2Fb/end")]
    [InlineData("/a%2Fb/%252F", 200, "/v2/%252F/x-a%2Fb/end")]
    [InlineData("/%252F/a%2Fb", 200, "/v2/a%2Fb/x-%252F/end")]
    public async Task Target_WithAPatternOfValues_NeverClimbsAndIsNeverEncodedTwice(
        string target,
        int status,
        string? expected
    )
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ("ReverseProxy:Routes:rest:Match:Path", "/{id}/{name}"),
            ("ReverseProxy:Routes:rest:Transforms:0:PathPattern", "/v2/{name}/x-{id}/end")
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((status, expected), await setup.AskForAsync(connection, target));
    }

    /// <summary>A value may also be part of the client's segment.</summary>
    [Theory]
    [InlineData("/p-a%2Fb/100%25", "/q/a%2Fb/100%25")]
    [InlineData("/p-%252F/100%25", "/q/%252F/100%25")]
    [InlineData("/p-%25%32%46/caf%E4", "/q/%252F/caf%E4")]
    public async Task Target_WithAPatternOfPartsOfSegments_IsNeverEncodedTwice(string target, string expected)
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ("ReverseProxy:Routes:rest:Match:Path", "/p-{id}/{n}"),
            ("ReverseProxy:Routes:rest:Transforms:0:PathPattern", "/q/{id}/{n}")
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, expected), await setup.AskForAsync(connection, target));
    }

    [Theory]
    [InlineData("Set", "/a?x=%E4&y=[1]&z=100%", "/a?x=%E4&z=100%&y=n%20w")]
    [InlineData("Append", "/a?x=%E4&y=[1]", "/a?x=%E4&y=%5B1%5D&y=n%20w")]
    [InlineData("Set", "/a", "/a?y=n%20w")]
    [InlineData("Set", "/a??x=1", "/a??x=1&y=n%20w")]
    [InlineData("Set", "/a???y=1&?y=[2]", "/a???y=1&?y=[2]&y=n%20w")]
    public async Task Target_WithAQueryTransform_KeepsTheOtherParameters(string how, string target, string expected)
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ("ReverseProxy:Routes:rest:Transforms:0:QueryValueParameter", "y"),
            ($"ReverseProxy:Routes:rest:Transforms:0:{how}", "n w")
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, expected), await setup.AskForAsync(connection, target));
    }

    [Theory]
    [InlineData("/a%2Fb?x", 200, "/base/path/a%2Fb?x")]
    [InlineData("/a/../b", 200, "/base/path/a/../b")]
    [InlineData("/../secret", 400, null)]
    [InlineData("/%2e%2e/secret", 400, null)]
    [InlineData("/..%2Fsecret", 400, null)]
    [InlineData("/a/..%2F..%2Fsecret", 400, null)]
    [InlineData("/a/..%252F..%252Fsecret", 400, null)]
    [InlineData("/..%5Csecret", 400, null)]
    [InlineData("/..;x=1/secret", 400, null)]
    [InlineData("/a/../..#", 400, null)]
    [InlineData("/..#/secret", 400, null)]
    [InlineData("/..%23", 400, null)]
    [InlineData("/..%3F", 400, null)]
    [InlineData("/..\t", 400, null)]
    [InlineData("/.\t./secret", 400, null)]
    [InlineData("/.%01./secret", 400, null)]
    [InlineData("/a#b", 200, "/base/path/a#b")]
    [InlineData("http://shop.example/a/..%2F..%2Fsecret", 400, null)]
    [InlineData("http://shop.example/..%2Fsecret#", 400, null)]
    public async Task Target_BeforeADestinationWithAPath_StaysBelowIt(string target, int status, string? expected)
    {
        var upstream = RawUpstream.Answering(Ok);
        await using var setup = await RawSetup.StartAsync(
            postgres,
            upstream,
            ("ReverseProxy:Clusters:legacy:Destinations:d1:Address", $"{upstream.Address}/base/path/")
        );
        using var connection = await setup.ConnectAsync();

        Assert.Equal((status, expected), await setup.AskForAsync(connection, target));
    }

    [Theory]
    [InlineData("http://shop.example/a%2Fb?x=%E4", "/a%2Fb?x=%E4")]
    [InlineData("http://shop.example", "/")]
    [InlineData("http://shop.example?x=[1]", "/?x=[1]")]
    [InlineData("http://shop.example/caf%E4/%2e/[x]", "/caf%E4/%2e/[x]")]
    [InlineData("http://shop.example/a%2520b/%C3%A4", "/a%2520b/%C3%A4")]
    [InlineData("http://shop.example#/b", "/")]
    [InlineData("http://shop.example/a#/b", "/a")]
    [InlineData("http://shop.example/a\\b", "/a/b")]
    public async Task Target_InAbsoluteForm_ReachesLegacyInOriginForm(string target, string expected)
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, expected), await setup.AskForAsync(connection, target));
    }

    /// <summary>.NET's client can't send an asterisk, so it becomes a slash, as in YARP.</summary>
    [Fact]
    public async Task Target_Asterisk_IsYarps()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, "/"), await setup.AskForAsync(connection, "*", "OPTIONS"));
    }

    [Fact]
    public async Task Target_OfBytesThatNoTargetHolds_IsRefused()
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok));
        using var connection = await setup.ConnectAsync();

        Assert.Equal((400, null), await setup.AskForAsync(connection, "/caf\u00E4"));
    }

    [Theory]
    [InlineData("Gateway:RawTarget")]
    [InlineData("ReverseProxy:Routes:rest:Strangler:RawTarget")]
    public async Task Target_WhereItIsSwitchedOff_IsYarps(string key)
    {
        await using var setup = await RawSetup.StartAsync(postgres, RawUpstream.Answering(Ok), (key, "false"));
        using var connection = await setup.ConnectAsync();

        Assert.Equal((200, "/a%252Fb"), await setup.AskForAsync(connection, "/a%2Fb"));
    }

    [Fact]
    public async Task Target_OverHttp2_ReachesLegacyAsItWasWritten()
    {
        await using var setup = await RawSetup.StartAsync(
            postgres,
            RawUpstream.Answering(Ok),
            ("Kestrel:EndpointDefaults:Protocols", "Http2")
        );
        using var client = new HttpClient(new SocketsHttpHandler());
        const string Target = "/a%2Fb/%2e/[x]{y}?q=%E4&r=100%";
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri(
                setup.Gateway.Address + Target,
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        )
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(Target, Assert.Single(setup.Upstream.Asked).Target);
    }
}
